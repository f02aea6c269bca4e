# A shell without a terminal.
kubectl exec -i client -- sh <<'TYPED'
tty > /tmp/terminal
TYPED
