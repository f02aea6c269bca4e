# The mask that a glance at the addresses suggests.
ip -4 -o addr show dev eth0 | awk '{split($4, a, "."); print a[1] "." a[2] ".0.0/16"}'
