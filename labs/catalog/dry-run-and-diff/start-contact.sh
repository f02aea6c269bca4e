kubectl run {{name}} --image=nginx --dry-run=client -o yaml >/root/{{name}}.yml
