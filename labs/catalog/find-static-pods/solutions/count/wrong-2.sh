# Only those of the control plane.
ls /etc/kubernetes/manifests | wc -l
