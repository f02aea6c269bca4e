script --quiet --command 'kubectl exec -it client -- sh' /dev/null <<'TYPED'
tty > /tmp/terminal
exit
TYPED
