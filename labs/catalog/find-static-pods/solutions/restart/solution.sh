ssh -n node01 'crictl stop $(crictl ps -q --name watch)'
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/{{pod}}-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/{{pod}}-node01 --timeout=60s
