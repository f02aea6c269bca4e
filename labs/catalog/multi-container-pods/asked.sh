#!/usr/bin/env bash
# Passes when nginx was asked through localhost. The container that was restarted
# since has left its log, too.
export KUBECONFIG=/etc/kubernetes/admin.conf

log() { kubectl logs --namespace default my-pod -c nginx "$@" 2>/dev/null | grep -F '"GET '; }

requests=$(log; log --previous)
if grep -E '^(127\.0\.0\.1|::1) .*Wget' <<<"$requests" >/dev/null; then
  exit 0
fi
tail -n 1 <<<"${requests:-nginx: 0 requests}"
exit 1
