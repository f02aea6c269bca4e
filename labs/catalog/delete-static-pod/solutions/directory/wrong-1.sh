echo /etc/kubernetes/manifests
