kubectl create namespace demo --dry-run=client -o yaml > demo.yaml
sed -i 's/^  name: demo/  name: demo\n  labels:\n    team: {{team}}/' demo.yaml
kubectl apply -f demo.yaml
