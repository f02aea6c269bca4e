# A list of contexts is no kubeconfig.
kubectl config get-contexts > /root/{{word}}.conf
