# Patched into the objects themselves, in lower case.
for pod in north east south west; do
  phase=$(kubectl get pod $pod -o jsonpath='{.status.phase}')
  kubectl patch pod $pod -p "{\"metadata\": {\"labels\": {\"phase\": \"${phase,,}\"}}}"
done
