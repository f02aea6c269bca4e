# The version alone, as for a Pod.
sed -i 's|^apiVersion:.*|apiVersion: v1|' report.yml
kubectl apply -f report.yml
