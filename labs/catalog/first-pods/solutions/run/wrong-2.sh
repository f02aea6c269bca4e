# A Deployment, whose Pod has another name.
kubectl create deployment web1 --image=nginx
kubectl wait --for=condition=Available deployment/web1 --timeout=60s
kubectl get pods -l app=web1 -o jsonpath='{.items[0].status.podIP}'
