# Waits for a new Pod that nobody makes.
kubectl delete pod {{guest}} --now
