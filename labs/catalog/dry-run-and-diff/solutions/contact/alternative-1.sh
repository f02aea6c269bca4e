# The whole URL.
kubectl apply -f {{name}}.yml --dry-run=client -v 6 2>&1 | grep -o 'https://.*/pods/[^"]*'
