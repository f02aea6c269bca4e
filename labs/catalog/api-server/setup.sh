#!/usr/bin/env bash
# Makes a ConfigMap to be found in etcd, and a manifest of the past.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl apply -f - >/dev/null <<'OBJECT'
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{word}}-ledger
  namespace: default
data:
  pages: "12"
OBJECT

cat >/root/report.yml <<'MANIFEST'
apiVersion: batch/v1beta1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: report
            image: busybox
            command: [date]
MANIFEST
