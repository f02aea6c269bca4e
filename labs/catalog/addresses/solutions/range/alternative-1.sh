# From the mask of the Pod's own interface.
kubectl exec {{pod}} -- ip route | awk '$1 != "default" && /\// {print $1; exit}'
