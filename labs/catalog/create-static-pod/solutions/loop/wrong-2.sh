# Repairs it, but as an ordinary Pod.
ssh -n node01 'sed "s/slep/sleep/; s/name: clock$/name: clock-node01/" /root/clock.yaml' | kubectl apply -f -
kubectl wait --for=condition=Ready pod/clock-node01 --timeout=60s
