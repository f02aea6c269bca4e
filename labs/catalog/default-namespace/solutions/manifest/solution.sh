sed -i '/namespace:/d' report.yml
kubectl apply -f report.yml
