sed -i '/namespace:/d' /root/report.yml
KUBECONFIG=/etc/kubernetes/admin.conf kubectl apply -f /root/report.yml --namespace {{ns}} >/dev/null
