# Through the API server: exec reaches the real container, the mirror's name will do.
kubectl exec {{pod}}-node01 -- kill 1
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/{{pod}}-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/{{pod}}-node01 --timeout=60s
