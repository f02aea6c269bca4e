# As it is: with Always it is never done.
kubectl apply -f import.yml
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/import --timeout=60s
