# Stops at the first complaint.
sed -i 's/imagee/image/' shop.yml
kubectl apply -f shop.yml --dry-run=server
