ssh -n node01 rm /etc/just-to-mess-with-you/greenbox.yaml
