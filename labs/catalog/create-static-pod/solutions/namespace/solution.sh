kubectl create namespace {{ns}}
ssh -n node01 "sed -i 's/^  name: web2$/&\n  namespace: {{ns}}/' /etc/kubernetes/manifests/web2.yaml"
kubectl wait -n {{ns}} --for=create pod/web2-node01 --timeout=60s
kubectl wait -n {{ns}} --for=condition=Ready pod/web2-node01 --timeout=60s
kubectl wait --for=delete pod/web2-node01 --timeout=60s
