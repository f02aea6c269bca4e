# Without a dry run, the Pod is made.
kubectl run {{name}} --image=nginx -o yaml > {{name}}.yml
