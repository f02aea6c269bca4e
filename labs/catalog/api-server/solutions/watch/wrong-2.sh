# Starts to watch when the change has been made, and stops too early.
kubectl create configmap weather --from-literal=sky=blue
kubectl label configmap weather season=spring
timeout 2 kubectl get configmaps --watch --output-watch-events > /root/events.txt
kubectl delete configmap weather
