# Uses it as well, but it knows neither cluster nor user.
kubectl config set-context {{ns}} --namespace={{ns}}
kubectl config use-context {{ns}}
