# A new manifest over the old one, and the namespace only afterwards.
kubectl run web2 -n {{ns}} --image=nginx --dry-run=client -o yaml > web2.yaml
scp web2.yaml node01:/etc/kubernetes/manifests/
kubectl wait --for=delete pod/web2-node01 --timeout=60s
kubectl create namespace {{ns}}
kubectl wait -n {{ns}} --for=create pod/web2-node01 --timeout=60s
kubectl wait -n {{ns}} --for=condition=Ready pod/web2-node01 --timeout=60s
