# Older notes' variable, which a kubeadm node's unit does not read.
ssh -n node01 'mkdir /etc/{{dir}} && mv /etc/kubernetes/manifests/clock.yaml /etc/{{dir}}/ &&
  printf "\nKUBELET_ARGS=--pod-manifest-path=/etc/{{dir}}\n" >>/etc/default/kubelet && systemctl restart kubelet'
