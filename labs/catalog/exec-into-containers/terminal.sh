#!/usr/bin/env bash
# Passes when the file names a terminal, as tty prints it.
export KUBECONFIG=/etc/kubernetes/admin.conf

terminal=$(kubectl exec --namespace default client -- head -c 200 /tmp/terminal 2>&1)
if [[ $terminal =~ ^/dev/(pts/[0-9]+|console) ]]; then
  exit 0
fi
echo "/tmp/terminal: $(head -n 1 <<<"$terminal")"
exit 1
