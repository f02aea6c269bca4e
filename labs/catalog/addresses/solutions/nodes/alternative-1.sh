# From the wide list.
kubectl get nodes -o wide | awk '$1 == "node01" {print $6}'
