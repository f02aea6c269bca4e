# By command, so that nothing is left to make it from again.
kubectl create namespace demo
kubectl label namespace demo team={{team}}
