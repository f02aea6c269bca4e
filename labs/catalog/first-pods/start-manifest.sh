export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl run web1 --image=nginx --namespace default >/dev/null
kubectl set image pod/{{guest}} {{guest}}=nginx --namespace default >/dev/null
