# Plainly: it is Terminating for two minutes.
kubectl delete pod stubborn --wait=false
