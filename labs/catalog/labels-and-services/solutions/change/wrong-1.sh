# kubectl refuses to overwrite.
kubectl label pod spare env=prod
kubectl label pod spare draft-
