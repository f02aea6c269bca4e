#!/usr/bin/env bash
# Prints the badge of the Pod client.
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl exec --namespace default client -- cat /tmp/badge
