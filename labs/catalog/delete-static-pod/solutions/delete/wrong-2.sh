# Renames the manifest in its directory: the kubelet reads every file there.
ssh -n node01 mv /etc/just-to-mess-with-you/greenbox.yaml /etc/just-to-mess-with-you/greenbox.yaml.bak
