# Selects app=shop, which no Pod has.
kubectl create service nodeport shop --tcp=80:80
