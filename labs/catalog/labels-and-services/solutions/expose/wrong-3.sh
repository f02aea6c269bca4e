# The other Pod.
kubectl expose pod spare --type=NodePort --name=shop --port=80
