# Blames the kubelet and sets older notes' variable, which a kubeadm node's unit does not read.
ssh -n node01 'cp /root/clock.yaml /etc/kubernetes/manifests/ &&
  printf "\nKUBELET_ARGS=--pod-manifest-path=/etc/kubernetes/manifests\n" >>/etc/default/kubelet && systemctl restart kubelet'
kubectl wait --for=create pod/clock-node01 --timeout=60s
