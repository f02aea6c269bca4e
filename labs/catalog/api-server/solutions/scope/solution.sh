kubectl api-resources --namespaced=false --no-headers | wc -l
