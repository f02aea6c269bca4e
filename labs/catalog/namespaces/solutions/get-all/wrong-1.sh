# Believes get all.
kubectl get all -n {{home}} --no-headers | grep -c configmap
