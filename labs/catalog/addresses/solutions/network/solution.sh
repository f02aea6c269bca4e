ip addr show dev eth0
ip route | awk '/dev eth0/ && /scope link/ {print $1}'
