# Plainly, then by force: the object is gone, the process is not.
kubectl delete pod stubborn --wait=false
ssh -n node01 'until crictl logs $(crictl ps --quiet --name "^stubborn$") | grep -q SIGTERM; do sleep 0.2; done'
kubectl delete pod stubborn --force --grace-period=0
