# As it was written years ago: no such flag any more.
kubectl run {{name}} --image=nginx --generator=run-pod/v1 --restart=Never --dry-run=client -o yaml > {{name}}.yml
