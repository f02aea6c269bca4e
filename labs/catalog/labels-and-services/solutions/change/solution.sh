kubectl label pod spare env=prod --overwrite
kubectl label pod spare draft-
