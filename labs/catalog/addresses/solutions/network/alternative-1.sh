# From node01's point of view, which is in the same network.
ssh -n node01 ip -4 route show dev eth0 scope link | awk '{print $1; exit}'
