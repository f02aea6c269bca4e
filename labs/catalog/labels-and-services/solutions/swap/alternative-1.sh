# The Service looks for another label.
kubectl set selector service shop env=prod
until kubectl get endpointslices -l kubernetes.io/service-name=shop -o jsonpath='{.items[*].endpoints[*].targetRef.name}' | grep -qx spare; do
  sleep 0.2
done
