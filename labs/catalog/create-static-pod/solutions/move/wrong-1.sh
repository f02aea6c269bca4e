# Changes the file and does not restart the kubelet.
ssh -n node01 'mkdir /etc/{{dir}} && mv /etc/kubernetes/manifests/clock.yaml /etc/{{dir}}/ &&
  sed -i "s|^staticPodPath:.*|staticPodPath: /etc/{{dir}}|" /var/lib/kubelet/config.yaml'
