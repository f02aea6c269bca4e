#!/usr/bin/env bash
# Passes when kubectl reaches the API server with the learner's file alone.
if kubectl --kubeconfig '/root/{{word}}.conf' --request-timeout=5s get --raw /readyz >/dev/null 2>&1; then
  exit 0
fi
echo 'kubectl --kubeconfig {{word}}.conf: exit code 1'
exit 1
