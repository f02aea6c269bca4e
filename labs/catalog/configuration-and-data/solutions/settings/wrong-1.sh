# The key in lower case.
kubectl create configmap settings --from-literal=colour={{colour}}
