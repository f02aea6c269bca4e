kubectl get pods -n kube-system -o custom-columns=HOST:.spec.hostNetwork | grep -c true
