# The address of the other node, as the API server's is seen.
kubectl get nodes -o wide | awk '$1 == "controlplane" {print $6}'
