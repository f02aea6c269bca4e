# One command, with a terminal of its own.
script --quiet --command "kubectl exec -it client -- sh -c 'tty > /tmp/terminal'" /dev/null
