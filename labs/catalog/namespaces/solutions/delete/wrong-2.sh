# Too much.
kubectl delete namespace demo playground1
