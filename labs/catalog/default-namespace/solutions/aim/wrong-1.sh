# Shoots without aiming.
kubectl delete pod cache --now
