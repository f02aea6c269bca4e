# By the other node's address, where the Pod does not run.
address=$(kubectl get node controlplane -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')
curl -s "http://$address:$(kubectl get service shop -o jsonpath='{.spec.ports[0].nodePort}')"
