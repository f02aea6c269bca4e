# A context of its own for the work in this namespace.
kubectl config set-context work --cluster=kubernetes --user=kubernetes-admin --namespace={{ns}}
kubectl config use-context work
