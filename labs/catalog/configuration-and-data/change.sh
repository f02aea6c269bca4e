#!/usr/bin/env bash
# Passes when the container of app has the new value in its environment.
export KUBECONFIG=/etc/kubernetes/admin.conf
seen=$(kubectl exec --quiet app --namespace default --request-timeout=8s -- printenv COLOUR 2>&1)
[ "$seen" = {{later}} ] && exit 0
echo "COLOUR: $(tail -n 1 <<<"$seen")"
exit 1
