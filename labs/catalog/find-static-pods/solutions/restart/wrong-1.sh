# Deletes the mirror: the container runs on, and nothing was restarted.
kubectl delete pod {{pod}}-node01 --force --grace-period=0
kubectl wait --for=create pod/{{pod}}-node01 --timeout=60s
