# Without --force: refused because of the bare Pods, and the node stays closed.
kubectl drain node01 --ignore-daemonsets
