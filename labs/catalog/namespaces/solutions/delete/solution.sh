kubectl delete namespace demo
