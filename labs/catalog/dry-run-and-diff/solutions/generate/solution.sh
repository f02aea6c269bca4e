kubectl run {{name}} --image=nginx --dry-run=client -o yaml > {{name}}.yml
