#!/usr/bin/env bash
# Passes when the Pod report serves what its init container was to write.
export KUBECONFIG=/etc/kubernetes/admin.conf
ip=$(kubectl get pod report --namespace default --ignore-not-found --output 'jsonpath={.status.podIP}')
if [ -z "$ip" ]; then
  echo 'report: no IP'
  exit 1
fi
page=$(curl --silent --max-time 5 "http://$ip/")
grep --fixed-strings 'report of team {{team}}' <<<"$page" && exit 0
echo "http://$ip/: $(head -n 1 <<<"$page")"
exit 1
