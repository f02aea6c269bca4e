# Repairs it in place, with another program that goes on running.
ssh -n node01 cp /root/clock.yaml /etc/kubernetes/manifests/
kubectl wait --for=create pod/clock-node01 --timeout=60s
ssh -n node01 'sed -i "s/date && slep 1000000/while true; do date; sleep 1; done/" /etc/kubernetes/manifests/clock.yaml'
kubectl wait --for=condition=Ready pod/clock-node01 --timeout=60s
