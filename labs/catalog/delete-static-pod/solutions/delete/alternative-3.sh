# Gives the kubelet back its usual directory and removes the manifest.
ssh -n node01 "rm /etc/just-to-mess-with-you/greenbox.yaml &&
  sed -i 's|^staticPodPath:.*|staticPodPath: /etc/kubernetes/manifests|' /var/lib/kubelet/config.yaml &&
  systemctl restart kubelet"
