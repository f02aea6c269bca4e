kubectl config set-context --current --namespace={{colour}}
