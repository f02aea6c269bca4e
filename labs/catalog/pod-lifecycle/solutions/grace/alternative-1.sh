# In one command.
kubectl run web --image=nginx --overrides='{"spec": {"terminationGracePeriodSeconds": 10}}'
kubectl wait --for=condition=Ready pod/web --timeout=60s
