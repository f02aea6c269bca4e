#!/usr/bin/env bash
# A web server without labels, a spare one, each with a page that nobody can
# guess, and three Pods to look for. Who owns which is drawn.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

# pod NAME LABELS IMAGE COMMAND prints a manifest.
pod() {
  cat <<POD
apiVersion: v1
kind: Pod
metadata:
  name: $1
  labels: {$2}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: $1
    image: $3
    command: ["sh", "-c", "$4"]
---
POD
}
serve='cut -c 1-8 /proc/sys/kernel/random/uuid > /usr/share/nginx/html/index.html; exec nginx -g \"daemon off;\"'

others=$(printf '%s\n' ann ben cho dan | grep -vx {{owner}} | head -n 2)
pods=$(shuf --random-source=<(yes {{owner}}{{app}}) -e fig pear plum)
{
  pod web '' nginx "$serve"
  pod spare 'env: test, draft: "yes"' nginx "$serve"
  paste <(printf '%s\n' {{owner}} $others) <(printf '%s\n' $pods) | while read -r owner name; do
    pod "$name" "owner: $owner" busybox "exec sleep 1000000"
  done
} | kubectl apply --namespace default -f - >/dev/null
