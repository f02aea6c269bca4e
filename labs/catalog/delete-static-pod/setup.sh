#!/usr/bin/env bash
# Gives node01's kubelet an unusual directory for static Pods, with one Pod in it.
# Run again, it brings that back whatever the learner has done to it: an earlier
# Pod is gone before the new one is made, so that neither is taken for the other.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
pod=static-greenbox-node01

ssh node01 bash -s <<'NODE'
set -euo pipefail
dir=/etc/just-to-mess-with-you
config=/var/lib/kubelet/config.yaml
mkdir -p "$dir"
find "$dir" -mindepth 1 -delete
sed -i -e "\$a staticPodPath: $dir" -e '/^staticPodPath:/d' "$config"
systemctl restart kubelet
for _ in $(seq 120); do
  left=$(crictl pods --quiet --state ready --name '^static-greenbox-node01$')
  [ -z "$left" ] && exit 0
  sleep 0.5
done
echo "the kubelet of node01 did not stop the earlier Pod" >&2
exit 1
NODE
kubectl delete pod "$pod" --namespace default --ignore-not-found --now --timeout=60s >/dev/null

ssh node01 'cat >/etc/just-to-mess-with-you/greenbox.yaml' <<'POD'
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

state=
for _ in $(seq 180); do
  state=$(kubectl get pod "$pod" --namespace default --ignore-not-found \
    --output 'jsonpath={.metadata.deletionTimestamp}{.status.phase}{.status.containerStatuses[0].ready}' || true)
  if [ "$state" = Runningtrue ]; then
    exit 0
  fi
  sleep 0.5
done
echo "$pod is not Running after 90 s (${state:-no such Pod})" >&2
kubectl get pod "$pod" --namespace default --output yaml >&2 || true
exit 1
