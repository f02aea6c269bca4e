#!/usr/bin/env bash
# The ConfigMap of the first step.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl apply --namespace default --filename - <<'MAP'
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  COLOUR: {{colour}}
MAP
