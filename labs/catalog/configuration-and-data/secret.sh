#!/usr/bin/env bash
# Passes when the Secret holds the password.
export KUBECONFIG=/etc/kubernetes/admin.conf
seen=$(kubectl get secret login --namespace default --output 'jsonpath={.data.password}' 2>&1)
[ "$(base64 --decode <<<"$seen" 2>/dev/null)" = pw-{{password}} ] && exit 0
echo "password: $(tail -n 1 <<<"$seen")"
exit 1
