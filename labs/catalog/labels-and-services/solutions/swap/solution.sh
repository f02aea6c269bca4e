kubectl label pod spare app={{app}}
kubectl label pod web app-
until kubectl get endpointslices -l kubernetes.io/service-name=shop -o jsonpath='{.items[*].endpoints[*].targetRef.name}' | grep -qx spare; do
  sleep 0.2
done
