# Leaves the default policy: it is tried again for ever.
kubectl run once --image=busybox -- sh -c 'exit {{code}}'
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/once --timeout=60s
