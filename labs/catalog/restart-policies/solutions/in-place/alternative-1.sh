# On the node, where the kubelet sees a container end that it did not stop.
ssh -n node01 'crictl stop $(crictl ps --quiet --name "^web$")'
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/web --timeout=60s
kubectl wait --for=condition=Ready pod/web --timeout=60s
