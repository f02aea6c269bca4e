# In one file, and with the current context only.
kubectl config view --minify --flatten > /root/{{word}}.conf
