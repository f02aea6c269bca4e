# With the heading.
kubectl api-resources --namespaced=false | wc -l
