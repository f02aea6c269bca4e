# Another context, and another namespace.
kubectl config use-context {{team}}
