kubectl run web1 --image=nginx
kubectl run web2 --image=nginx --dry-run=client -o yaml > web2.yaml
