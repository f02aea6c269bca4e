#!/usr/bin/env bash
# Prints the page of the Pod web.
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl exec --namespace default web -- cat /usr/share/nginx/html/index.html
