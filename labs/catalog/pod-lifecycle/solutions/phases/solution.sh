kubectl get pods -o custom-columns=NAME:.metadata.name,PHASE:.status.phase
for pod in north east south west; do
  kubectl label pod $pod phase=$(kubectl get pod $pod -o jsonpath='{.status.phase}')
done
