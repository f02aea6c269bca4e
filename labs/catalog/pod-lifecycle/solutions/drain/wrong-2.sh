# Drained and left closed: the Deployment's new Pods find no node.
kubectl drain node01 --ignore-daemonsets --force
