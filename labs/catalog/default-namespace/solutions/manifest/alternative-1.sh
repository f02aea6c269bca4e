# Writes the right namespace into the file.
sed -i 's/namespace: default/namespace: {{ns}}/' report.yml
kubectl apply -f report.yml
