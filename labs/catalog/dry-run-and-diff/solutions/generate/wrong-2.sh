# Without an output format, there is only a message.
kubectl run {{name}} --image=nginx --dry-run=client > {{name}}.yml
