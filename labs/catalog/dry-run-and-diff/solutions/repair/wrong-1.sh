# Asks only the client, which is content at once.
kubectl apply -f shop.yml --dry-run=client
