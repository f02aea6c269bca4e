# Believes that it must be switched back first.
kubectl config set-context --current --namespace=default
kubectl run web --image=nginx
