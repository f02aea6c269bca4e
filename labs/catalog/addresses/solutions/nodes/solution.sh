kubectl get node node01 -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}{"\n"}'
