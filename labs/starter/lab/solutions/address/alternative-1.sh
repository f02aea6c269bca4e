# Read from the wide list.
kubectl get pods --namespace {{team}} --output wide --no-headers | awk '$1 == "web" {print $6}'
