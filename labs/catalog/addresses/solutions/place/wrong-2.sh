# On the right node, but with the node's own address.
kubectl run {{guest}} --image=nginx --overrides='{"spec": {"nodeName": "controlplane", "hostNetwork": true}}'
kubectl wait --for=condition=Ready pod/{{guest}} --timeout=60s
