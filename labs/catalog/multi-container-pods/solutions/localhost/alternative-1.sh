# By number, saved in the container.
kubectl exec my-pod -c client -- sh -c 'cd /tmp && wget 127.0.0.1/index.html'
