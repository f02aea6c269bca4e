mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/
while curl -sk -o /dev/null https://localhost:6443; do sleep 1; done
sleep 8
mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/
until kubectl get nodes 2>/dev/null; do sleep 1; done
