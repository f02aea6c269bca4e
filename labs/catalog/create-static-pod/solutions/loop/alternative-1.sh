# Repairs the manifest first.
ssh -n node01 'sed -i "s/slep 1000000/while true; do date; sleep 1; done/; s/&&/;/" /root/clock.yaml && mv /root/clock.yaml /etc/kubernetes/manifests/'
kubectl wait --for=create pod/clock-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/clock-node01 --timeout=60s
