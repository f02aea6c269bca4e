# Stops the containers: the kubelet starts them again.
ssh -n node01 'crictl stopp $(crictl pods --quiet --name "^static-greenbox-node01$")'
