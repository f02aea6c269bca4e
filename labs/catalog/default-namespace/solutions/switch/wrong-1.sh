# Makes a new context that nobody uses.
kubectl config set-context {{ns}} --namespace={{ns}}
