#!/usr/bin/env bash
# Three namespaces, in one of them a Pod, a quota and some ConfigMaps.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

for name in harbour meadow orchard; do
  kubectl create namespace "$name" --dry-run=client -o yaml
  echo ---
done | kubectl apply -f - >/dev/null

{
  cat <<'OBJECTS'
apiVersion: v1
kind: ResourceQuota
metadata:
  name: small
spec:
  hard:
    pods: "5"
---
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
OBJECTS
  for i in $(seq {{maps}}); do
    echo ---
    kubectl create configmap "note-$i" --from-literal=text=hello --dry-run=client -o yaml
  done
} | kubectl apply --namespace {{home}} -f - >/dev/null
kubectl wait --for=create --namespace {{home}} configmap/kube-root-ca.crt --timeout=30s >/dev/null
