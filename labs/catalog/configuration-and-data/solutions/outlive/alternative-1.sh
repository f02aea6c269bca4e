# The new Pod first, from the old manifest; both may use the claim on one node.
sed 's/name: writer/name: heir/' writer.yml | kubectl apply -f -
kubectl wait --for=condition=Ready pod/heir --timeout=60s
kubectl delete pod writer --now
kubectl get pv -o jsonpath='{.items[?(@.spec.claimRef.name=="notes")].metadata.name}'
