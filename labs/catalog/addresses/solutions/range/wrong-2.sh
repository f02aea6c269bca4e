# The network of the nodes.
ip route | awk '/dev eth0/ && /scope link/ {print $1}'
