ssh -n node01 sed -n "'s/^staticPodPath: //p'" /var/lib/kubelet/config.yaml
