# A Pod of somebody else.
kubectl get pods -l 'owner,owner!={{owner}}' -o jsonpath='{.items[0].metadata.name}'
