# Without a dry run, the second command makes a Pod, too.
kubectl run web1 --image=nginx
kubectl run web2 --image=nginx -o yaml > web2.yaml
