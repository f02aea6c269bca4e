kubectl get configmaps --watch --output-watch-events > /root/events.txt &
until grep -q ADDED /root/events.txt; do sleep 0.1; done
kubectl create configmap weather --from-literal=sky=blue
kubectl label configmap weather season=spring
kubectl delete configmap weather
until grep -q DELETED /root/events.txt; do sleep 0.1; done
kill %1
