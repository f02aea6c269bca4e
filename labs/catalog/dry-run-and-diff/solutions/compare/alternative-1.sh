# Written by hand, with kubectl create.
for f in drafts/*.yml; do
  kubectl create -f $f --dry-run=client >/dev/null 2>&1 || echo $f >> client.txt
  kubectl create -f $f --dry-run=server >/dev/null 2>&1 || echo $f >> server.txt
done
