#!/usr/bin/env bash
KUBECONFIG=/etc/kubernetes/admin.conf kubectl api-resources --namespaced=false --no-headers | wc -l
