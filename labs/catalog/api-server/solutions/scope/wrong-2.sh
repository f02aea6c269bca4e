# The others.
kubectl api-resources --namespaced=true --no-headers | wc -l
