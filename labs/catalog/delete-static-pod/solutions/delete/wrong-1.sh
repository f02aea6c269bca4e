# Deletes the mirror only.
kubectl delete pod static-greenbox-node01
