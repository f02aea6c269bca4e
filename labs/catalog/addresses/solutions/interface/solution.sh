ping -c 1 node01 >/dev/null
arp | awk '$1 == "node01" {print $3}'
