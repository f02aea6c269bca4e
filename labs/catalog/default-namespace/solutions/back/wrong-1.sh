# Another context, which leads elsewhere.
kubectl config use-context {{team}}
