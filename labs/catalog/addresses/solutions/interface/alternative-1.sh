# On node01 itself, and with capital letters.
ssh -n node01 ip link show dev eth0 | awk '/link\/ether/ {print toupper($2)}'
