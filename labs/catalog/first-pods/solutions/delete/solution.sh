kubectl delete pod web1 {{guest}} storefront greeter
kubectl delete -f client.yml --now
