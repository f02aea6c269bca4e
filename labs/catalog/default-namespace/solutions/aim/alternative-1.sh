# Goes there first.
kubectl config set-context --current --namespace=default
kubectl delete pod cache --now
