# No namespace at all means default.
kubectl config set-context --current --namespace=
