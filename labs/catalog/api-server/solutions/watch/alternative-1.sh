# The same from the API itself.
kubectl get --raw '/api/v1/namespaces/default/configmaps?watch=true' > /root/events.txt &
until grep -q ADDED /root/events.txt; do sleep 0.1; done
kubectl create configmap weather --from-literal=sky=blue
kubectl patch configmap weather --patch '{"data": {"sky": "grey"}}'
kubectl delete configmap weather
until grep -q DELETED /root/events.txt; do sleep 0.1; done
kill %1
