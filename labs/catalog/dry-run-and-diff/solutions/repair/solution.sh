sed -i -e 's/Shop/shop/' -e 's/imagee/image/' -e 's/containerPort: .*/containerPort: {{port}}/' shop.yml
kubectl apply -f shop.yml --dry-run=server
