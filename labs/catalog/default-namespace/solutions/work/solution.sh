kubectl run web --image=nginx
kubectl get pods
