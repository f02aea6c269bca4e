# Names a namespace that there is not: kubectl config asks nobody.
kubectl config set-context --current --namespace=playground1
