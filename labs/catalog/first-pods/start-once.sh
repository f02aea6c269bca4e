sed -i 's/^spec:/  labels:\n    role: {{role}}\nspec:/' /root/storefront.yml
KUBECONFIG=/etc/kubernetes/admin.conf kubectl apply -f /root/storefront.yml --namespace default >/dev/null 2>&1
