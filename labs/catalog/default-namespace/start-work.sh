#!/usr/bin/env bash
# The namespace that was switched to.
set -euo pipefail
export KUBECONFIG=/root/.kube/config

kubectl config set-context --current --namespace={{ns}} >/dev/null
