# Trusts the context; the Pod lands in default.
kubectl apply -f report.yml
