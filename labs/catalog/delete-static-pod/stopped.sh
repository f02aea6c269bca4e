#!/usr/bin/env bash
# Passes when the node runs no sandbox of the Pod, whatever the API server
# believes. Once the manifest is gone the kubelet needs a moment to stop it.
# The last line of the output is what the learner is shown.
manifest=/etc/just-to-mess-with-you/greenbox.yaml

for _ in $(seq 12); do
  running=$(crictl pods --quiet --state ready --name '^static-greenbox-node01$' 2>/dev/null) || {
    echo 'crictl pods: exit code 1'
    exit 1
  }
  if [ -z "$running" ]; then
    exit 0
  fi
  if [ -e "$manifest" ]; then
    break
  fi
  sleep 0.5
done
echo 'crictl pods: static-greenbox-node01 Ready'
exit 1
