# Without a proxy, with the administrator's certificate.
kubectl config view --raw -o jsonpath='{.users[0].user.client-certificate-data}' | base64 -d > me.crt
kubectl config view --raw -o jsonpath='{.users[0].user.client-key-data}' | base64 -d > me.key
curl -s --cacert /etc/kubernetes/pki/ca.crt --cert me.crt --key me.key -X POST -H 'Content-Type: application/json' \
  https://controlplane:6443/api/v1/namespaces/default/configmaps \
  -d '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "letter"}, "data": {"from": "{{word}}"}}'
