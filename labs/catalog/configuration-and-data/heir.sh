#!/usr/bin/env bash
# Passes when the container of heir finds the word in the note.
export KUBECONFIG=/etc/kubernetes/admin.conf
seen=$(kubectl exec --quiet heir --namespace default --request-timeout=8s -- cat /data/note 2>&1)
grep --quiet --word-regexp {{word}} <<<"$seen" && exit 0
echo "/data/note: $(tail -n 1 <<<"$seen")"
exit 1
