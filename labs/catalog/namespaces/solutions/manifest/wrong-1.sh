# The file is never applied.
kubectl create namespace demo --dry-run=client -o yaml | sed 's/^  name: demo/&\n  labels: {team: {{team}}}/' > demo.yaml
