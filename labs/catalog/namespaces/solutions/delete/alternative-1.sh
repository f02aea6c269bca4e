# By the file it was made from.
kubectl delete -f demo.yaml
