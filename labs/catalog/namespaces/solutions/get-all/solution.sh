kubectl get configmaps -n {{home}} --no-headers | wc -l
