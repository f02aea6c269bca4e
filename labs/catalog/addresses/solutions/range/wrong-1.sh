# The Pod's address.
kubectl get pod {{pod}} -o jsonpath='{.status.podIP}{"\n"}'
