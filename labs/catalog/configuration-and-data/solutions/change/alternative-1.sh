# The whole ConfigMap anew; and the container ended, for the kubelet fills in the
# environment at each start.
kubectl create configmap settings --from-literal=COLOUR={{later}} --dry-run=client -o yaml | kubectl replace -f -
kubectl exec app -- sh -c 'kill 1'
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/app --timeout=60s
kubectl wait --for=condition=Ready pod/app --timeout=60s
