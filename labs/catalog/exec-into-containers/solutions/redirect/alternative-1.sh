# Through the standard input of a command that writes files.
echo {{word}} | kubectl exec -i client -- tee /tmp/note
