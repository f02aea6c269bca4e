KUBECONFIG=/root/.kube/config kubectl config set-context --current --namespace={{ns}} >/dev/null
