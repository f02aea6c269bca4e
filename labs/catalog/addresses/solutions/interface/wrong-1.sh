# The own interface.
ip link show dev eth0 | awk '/link\/ether/ {print $2}'
