# Only what the files name.
kubectl delete -f client.yml -f storefront.yml --now
