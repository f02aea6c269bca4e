# Generated anew.
kubectl run shop --image=nginx --port={{port}} --labels=app=shop --dry-run=client -o yaml > shop.yml
