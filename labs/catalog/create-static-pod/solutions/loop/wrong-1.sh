# Blames the kubelet.
ssh -n node01 'cp /root/clock.yaml /etc/kubernetes/manifests/ && systemctl restart kubelet'
kubectl wait --for=create pod/clock-node01 --timeout=60s
