# Older notes' variable, which a kubeadm node's unit does not read.
ssh -n node01 'mkdir /etc/{{dir}} && mv /etc/kubernetes/manifests/clock.yaml /etc/{{dir}}/ &&
  KUBELET_ARGS="--pod-manifest-path=/etc/{{dir}}" systemctl restart kubelet'
