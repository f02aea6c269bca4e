#!/usr/bin/env bash
# Prints the network that the node's interface is part of.
ip -4 route show dev eth0 proto kernel scope link | awk '{print $1; exit}'
