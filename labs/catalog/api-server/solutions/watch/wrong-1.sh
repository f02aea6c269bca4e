# Looks before and after, and misses what was between.
kubectl get configmaps > /root/events.txt
kubectl create configmap weather --from-literal=sky=blue
kubectl label configmap weather season=spring
kubectl get configmaps >> /root/events.txt
kubectl delete configmap weather
