ssh -n node01 grep staticPodPath /var/lib/kubelet/config.yaml
ssh -n node01 'grep -l {{pod}} /etc/kubernetes/manifests/*'
