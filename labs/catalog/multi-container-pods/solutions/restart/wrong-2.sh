# The other container, whose process 1 ignores the signal.
kubectl exec my-pod -c client -- kill 1
