# From a manifest without a namespace.
kubectl run web --image=nginx:latest --dry-run=client -o yaml | sed '/namespace:/d' | kubectl apply -f -
