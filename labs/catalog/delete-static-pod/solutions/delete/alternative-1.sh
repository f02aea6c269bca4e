# Keeps the manifest, where no kubelet looks.
ssh -n node01 mv /etc/just-to-mess-with-you/greenbox.yaml /root/
