#!/usr/bin/env bash
# Passes when the container of reader has the password in a file.
export KUBECONFIG=/etc/kubernetes/admin.conf
seen=$(kubectl exec --quiet reader --namespace default --request-timeout=8s -- cat /etc/login/password 2>&1)
[ "$seen" = pw-{{password}} ] && exit 0
echo "/etc/login/password: $(tail -n 1 <<<"$seen")"
exit 1
