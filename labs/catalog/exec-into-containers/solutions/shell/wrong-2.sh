# The terminal of controlplane's shell, written on controlplane.
script --quiet --command 'tty > /tmp/terminal' /dev/null
