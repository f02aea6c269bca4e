cp /root/.kube/config /root/{{word}}.conf
