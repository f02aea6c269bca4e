#!/usr/bin/env bash
# Leaves a manifest on node01 whose container ends at once.
set -euo pipefail
ssh node01 'cat >/root/clock.yaml' <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: clock
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: clock
    image: busybox
    command: ["sh", "-c", "date && slep 1000000"]
POD
