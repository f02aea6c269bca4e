# Without the namespace.
kubectl get {{resource}} -A -v 6 2>&1 | grep -o 'url="[^?]*' | sed 's|url="https://[^/]*||'
