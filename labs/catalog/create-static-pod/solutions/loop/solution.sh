ssh -n node01 sed -i s/slep/sleep/ /root/clock.yaml
ssh -n node01 cp /root/clock.yaml /etc/kubernetes/manifests/
kubectl wait --for=create pod/clock-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/clock-node01 --timeout=60s
