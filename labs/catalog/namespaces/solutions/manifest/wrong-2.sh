# Applied only for trial.
kubectl create namespace demo --dry-run=client -o yaml | sed 's/^  name: demo/&\n  labels: {team: {{team}}}/' > demo.yaml
kubectl apply -f demo.yaml --dry-run=server
