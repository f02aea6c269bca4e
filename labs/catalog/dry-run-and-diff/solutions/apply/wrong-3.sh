# The cluster is right, but the file waits for its next victim.
kubectl set image pod/web web=nginx:1.{{tag}}
