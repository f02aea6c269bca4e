#!/usr/bin/env bash
# Gives node01's kubelet an unusual directory for static Pods, with one Pod in it.
# Run again, it brings that back whatever the learner has done to it.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

ssh node01 bash -s <<'NODE'
set -euo pipefail
dir=/etc/just-to-mess-with-you
config=/var/lib/kubelet/config.yaml

mkdir -p "$dir"
find "$dir" -mindepth 1 -delete
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

phase=
for _ in $(seq 90); do
  phase=$(kubectl get pod static-greenbox-node01 --namespace default --ignore-not-found \
    --output 'jsonpath={.metadata.deletionTimestamp}{.status.phase}' || true)
  if [ "$phase" = Running ]; then
    exit 0
  fi
  sleep 1
done
echo "static-greenbox-node01 is not Running after 90 s (${phase:-no such Pod})" >&2
kubectl get pod static-greenbox-node01 --namespace default --output yaml >&2 || true
exit 1
