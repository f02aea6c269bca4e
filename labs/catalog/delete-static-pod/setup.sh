#!/usr/bin/env bash
# Gives node01's kubelet an unusual directory for static Pods, with one Pod in it.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

ssh node01 bash -s <<'NODE'
set -euo pipefail
dir=/etc/just-to-mess-with-you
config=/var/lib/kubelet/config.yaml
rm -rf "$dir"
mkdir "$dir"
cat >"$dir/greenbox.yaml" <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: static-greenbox
  namespace: default
  labels:
    app: greenbox
spec:
  containers:
  - name: greenbox
    image: nginx
POD
sed -i -e "\$a staticPodPath: $dir" -e '/^staticPodPath:/d' "$config"
systemctl restart kubelet
NODE

kubectl wait --namespace default --for=create pod/static-greenbox-node01 --timeout=60s >/dev/null
kubectl wait --namespace default --for=condition=Ready pod/static-greenbox-node01 --timeout=60s >/dev/null
