# The node's own address rather than the network's.
ip -4 -o addr show dev eth0 | awk '{print $4}'
