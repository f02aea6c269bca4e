# The name ends like the node's, but the Pod is an ordinary one.
echo report-node01
