# What exists cannot be created.
sed -i 's/^spec:/  labels:\n    role: {{role}}\nspec:/' storefront.yml
kubectl create -f storefront.yml
