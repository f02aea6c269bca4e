for f in drafts/*.yml; do kubectl apply -f $f --dry-run=client >/dev/null 2>&1 || basename $f; done > client.txt
for f in drafts/*.yml; do kubectl apply -f $f --dry-run=server >/dev/null 2>&1 || basename $f; done > server.txt
