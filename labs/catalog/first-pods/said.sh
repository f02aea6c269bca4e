#!/usr/bin/env bash
# Passes when the Pod has printed the ticket.
said=$(KUBECONFIG=/etc/kubernetes/admin.conf kubectl logs greeter --namespace default 2>&1)
grep -qw 'ticket-{{number}}' <<<"$said" && exit 0
echo "$said" | tail -1 | cut -c -100
exit 1
