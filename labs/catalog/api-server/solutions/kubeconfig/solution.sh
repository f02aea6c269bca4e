kubectl config view --raw > /root/{{word}}.conf
