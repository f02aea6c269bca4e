sed -i 's/^spec:/spec:\n  restartPolicy: OnFailure/' import.yml
kubectl apply -f import.yml
kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/import --timeout=60s
