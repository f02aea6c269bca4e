#!/usr/bin/env bash
# Runs a Pod on a node that differs from session to session.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl apply --filename - >/dev/null <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: {{pod}}
  namespace: default
spec:
  nodeName: {{node}}
  terminationGracePeriodSeconds: 1
  containers:
  - name: {{pod}}
    image: busybox
    command: [sleep, infinity]
POD
kubectl wait --namespace default --for=condition=Ready pod/{{pod}} --timeout=60s >/dev/null
