KUBECONFIG=/etc/kubernetes/admin.conf kubectl run web --image=nginx --namespace {{ns}} >/dev/null
