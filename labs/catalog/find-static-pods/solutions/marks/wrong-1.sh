# By the end of the name that older notes give.
kubectl get pods -o name | sed -n 's|^pod/\(.*-master\)$|\1|p'
