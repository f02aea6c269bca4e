# Another component: without a scheduler the API server still answers.
mv /etc/kubernetes/manifests/kube-scheduler.yaml /root/
kubectl get nodes
mv /root/kube-scheduler.yaml /etc/kubernetes/manifests/
