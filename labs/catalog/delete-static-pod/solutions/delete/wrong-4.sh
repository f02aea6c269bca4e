# Makes the kubelet look elsewhere: the Pod is back as soon as the setting is.
ssh -n node01 "sed -i 's|^staticPodPath:.*|staticPodPath: /etc/kubernetes/manifests|' /var/lib/kubelet/config.yaml &&
  systemctl restart kubelet"
