kubectl delete pod ghost --wait=false
sleep 3
kubectl delete pod ghost --grace-period=0 --force
ssh -n node01 'crictl logs $(crictl ps --quiet --name ghost)' | grep -o 'word is [0-9a-f]*' | cut -d' ' -f3
