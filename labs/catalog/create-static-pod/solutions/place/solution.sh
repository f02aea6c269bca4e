scp web2.yaml node01:/etc/kubernetes/manifests/
kubectl wait --for=create pod/web2-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/web2-node01 --timeout=60s
