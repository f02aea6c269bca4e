#!/usr/bin/env bash
# Passes when nginx serves the word; the writer gets a moment to write it.
export KUBECONFIG=/etc/kubernetes/admin.conf

for _ in $(seq 10); do
  address=$(kubectl get pod shared --namespace default --output 'jsonpath={.status.podIP}' 2>/dev/null)
  page=$(curl --silent --max-time 2 "http://$address/")
  if [[ $page == *'{{word}}'* ]]; then
    exit 0
  fi
  sleep 0.5
done
echo "http://$address/: $(head -n 1 <<<"$page" | cut -c -60)"
exit 1
