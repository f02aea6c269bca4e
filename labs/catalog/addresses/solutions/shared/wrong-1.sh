# All Pods of the namespace.
kubectl get pods -n kube-system -o name | wc -l
