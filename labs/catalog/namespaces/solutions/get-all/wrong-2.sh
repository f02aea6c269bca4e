# Leaves out the one that Kubernetes made.
kubectl get configmaps -n {{home}} --no-headers | grep -vc kube-root-ca
