# Started with the default policy first, then made anew with the right one.
kubectl apply -f import.yml
echo '  restartPolicy: OnFailure' >> import.yml
kubectl replace --force -f import.yml
kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/import --timeout=60s
