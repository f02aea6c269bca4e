kubectl get {{resource}} --namespace={{space}} -v 6 2>&1 | grep -o 'url="[^?]*' | sed 's|url="https://[^/]*||'
