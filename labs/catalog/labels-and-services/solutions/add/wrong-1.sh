# Key and value exchanged.
kubectl label pod web {{app}}=app
