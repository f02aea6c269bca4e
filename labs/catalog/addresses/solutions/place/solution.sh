kubectl run {{guest}} --image=nginx --overrides='{"spec": {"nodeName": "controlplane"}}'
kubectl wait --for=condition=Ready pod/{{guest}} --timeout=60s
