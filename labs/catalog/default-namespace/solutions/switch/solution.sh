kubectl config set-context --current --namespace={{ns}}
