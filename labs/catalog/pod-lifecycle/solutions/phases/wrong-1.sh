# Takes the STATUS column for the phase.
kubectl get pods north east south west --no-headers | while read -r pod _ status _; do
  kubectl label pod $pod phase=$status
done
