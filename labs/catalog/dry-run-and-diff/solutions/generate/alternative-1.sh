# The server's dry run gives a manifest too, with all that the server adds.
kubectl run {{name}} --image=nginx --restart=Never --dry-run=server -o yaml > {{name}}.yml
