# With the long option, and something in the file.
echo here | kubectl exec --container=busybox --stdin web -- tee /tmp/{{mark}}
