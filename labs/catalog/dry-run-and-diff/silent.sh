#!/usr/bin/env bash
# Passes when applying the file would change nothing.
export KUBECONFIG=/etc/kubernetes/admin.conf
said=$(kubectl diff -f /root/new-web.yml --namespace default 2>&1) && exit 0
echo "$said" | grep -v -e '^+++' -e '^---' -e generation: | grep '^[-+]' | tr -s ' \n' ' ' | cut -c -200
exit 1
