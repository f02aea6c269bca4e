# On the node, past Kubernetes.
ssh -n node01 'crictl stop $(crictl ps -q --name "^nginx$")'
kubectl wait --for=jsonpath='{.status.containerStatuses[?(@.name=="nginx")].restartCount}'=1 pod/my-pod --timeout=60s
