# For one command only.
kubectl get pods --namespace={{ns}}
