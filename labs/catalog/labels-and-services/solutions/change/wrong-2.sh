# Empty is not gone.
kubectl label pod spare env=prod draft= --overwrite
