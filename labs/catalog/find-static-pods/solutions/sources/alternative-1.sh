# Asked of the API server: the Pods of the node that no node owns.
kubectl get pods -A --field-selector spec.nodeName=node01 -o custom-columns=OWNER:.metadata.ownerReferences[0].kind --no-headers | grep -vc '^Node$'
