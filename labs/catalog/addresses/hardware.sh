#!/usr/bin/env bash
# Prints the hardware address of the interface that has the node's address.
cat /sys/class/net/eth0/address
