# Into the directory of controlplane's kubelet.
cp web2.yaml /etc/kubernetes/manifests/
kubectl wait --for=create pod/web2-controlplane --timeout=60s
