kubectl get pods -A -o custom-columns=OWNER:.metadata.ownerReferences[0].kind | grep -c '^Node$'
