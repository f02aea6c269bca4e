# By force at once: the kubelet lets the process two seconds, as nobody asked it to wait before.
kubectl delete pod stubborn --force --grace-period=0
ssh -n node01 'while crictl ps --quiet --name "^stubborn$" | grep -q .; do sleep 0.2; done'
