# The exit code is no port.
kubectl get pod crashing -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'
