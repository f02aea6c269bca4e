#!/usr/bin/env bash
# Passes when the note in the container is the word.
export KUBECONFIG=/etc/kubernetes/admin.conf

note=$(kubectl exec --namespace default client -- head -c 200 /tmp/note 2>&1)
if [ "$(xargs <<<"$note")" = '{{word}}' ]; then
  exit 0
fi
echo "/tmp/note: $(head -n 1 <<<"$note")"
exit 1
