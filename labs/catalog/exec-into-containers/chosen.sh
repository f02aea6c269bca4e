#!/usr/bin/env bash
# Passes when the file is in the container busybox of the Pod web.
export KUBECONFIG=/etc/kubernetes/admin.conf

if kubectl exec --namespace default web -c busybox -- test -e '/tmp/{{mark}}' 2>/dev/null; then
  exit 0
fi
echo "busybox: /tmp: $(kubectl exec --namespace default web -c busybox -- ls /tmp 2>&1 | xargs)"
exit 1
