# Takes the Pod in which one of two containers has failed for Failed.
for pod in north east south west; do
  kubectl label pod $pod phase=$(kubectl get pod $pod -o jsonpath='{.status.phase}')
done
kubectl label pod --overwrite phase=Failed -l phase=Running
