# Contradicts the file, and is refused.
kubectl apply -f report.yml --namespace={{ns}}
