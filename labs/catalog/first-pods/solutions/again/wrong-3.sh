# Another Pod in its place, which again nobody has applied.
sed -i 's/^spec:/  labels:\n    role: {{role}}\nspec:/' storefront.yml
kubectl replace --force -f storefront.yml --grace-period=1
