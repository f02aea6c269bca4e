#!/usr/bin/env bash
# Passes when no container of stubborn runs on the node. After the Pod is gone
# from the API server the kubelet may need a moment more.
for _ in $(seq 6); do
  running=$(crictl ps --quiet --name '^stubborn$' 2>/dev/null) || {
    echo 'crictl ps: exit code 1'
    exit 1
  }
  [ -n "$running" ] || exit 0
  sleep 0.5
done
echo 'crictl ps: stubborn Running'
exit 1
