# By the owner.
kubectl get pods -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[0].kind | awk '$2 == "Node" {print $1}'
