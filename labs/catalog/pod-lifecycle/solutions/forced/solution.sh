kubectl delete pod ghost --wait=false
until kubectl logs ghost | grep SIGTERM; do sleep 1; done
kubectl delete pod ghost --grace-period=0 --force
ssh -n node01 'crictl logs $(crictl ps --quiet --name ghost)' | grep -o 'word is [0-9a-f]*' | cut -d' ' -f3
