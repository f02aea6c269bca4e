sed -i 's/^spec:/  labels:\n    role: {{role}}\nspec:/' storefront.yml
kubectl apply -f storefront.yml
