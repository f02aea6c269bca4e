# Names a namespace that does not exist: the Pod runs, and nobody can see it.
ssh -n node01 "sed -i 's/^  name: web2$/&\n  namespace: {{ns}}/' /etc/kubernetes/manifests/web2.yaml"
kubectl wait --for=delete pod/web2-node01 --timeout=60s
