# Forces it, and types the word of the command rather than that of the log.
kubectl delete pod ghost --force --grace-period=0
echo {{word}}
