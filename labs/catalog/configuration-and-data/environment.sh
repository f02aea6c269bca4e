#!/usr/bin/env bash
# Passes when the container of app has COLOUR in its environment.
export KUBECONFIG=/etc/kubernetes/admin.conf
seen=$(kubectl exec --quiet app --namespace default --request-timeout=8s -- printenv COLOUR 2>&1)
case $seen in
  {{colour}} | {{later}}) exit 0 ;;
esac
echo "COLOUR: $(tail -n 1 <<<"$seen")"
exit 1
