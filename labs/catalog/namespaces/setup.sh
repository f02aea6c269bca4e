#!/usr/bin/env bash
# Three namespaces, in one of them a Pod, some ConfigMaps and a quota.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

for name in harbour meadow orchard; do
  cat <<NAMESPACE
apiVersion: v1
kind: Namespace
metadata:
  name: $name
---
NAMESPACE
done | kubectl apply -f - >/dev/null
# Kubernetes puts these into each namespace, a moment after it is there.
for object in serviceaccount/default configmap/kube-root-ca.crt; do
  kubectl wait --for=create --namespace {{home}} "$object" --timeout=60s >/dev/null
done

# The Pod comes before the quota: a quota that has not been counted yet lets no Pod in.
{
  cat <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: stray
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: stray
    image: busybox
    command: ["sleep", "1000000"]
POD
  for i in $(seq {{maps}}); do
    cat <<MAP
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: note-$i
data:
  text: hello
MAP
  done
  cat <<'QUOTA'
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: small
spec:
  hard:
    pods: "5"
QUOTA
} | kubectl apply --namespace {{home}} -f - >/dev/null
