# Never: it fails, and that is that.
sed -i 's/^spec:/spec:\n  restartPolicy: Never/' import.yml
kubectl apply -f import.yml
kubectl wait --for=jsonpath='{.status.phase}'=Failed pod/import --timeout=60s
