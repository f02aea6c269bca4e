# Everything new, but applied.
sed -i 's/^  name: storefront/  name: storefront\n  labels: {role: {{role}}}/' storefront.yml
kubectl delete pod storefront --now
kubectl apply -f storefront.yml
