# Hides the Pod: nobody is left to make the mirror, but the containers run on.
ssh -n node01 "systemctl stop kubelet && rm /etc/just-to-mess-with-you/greenbox.yaml"
kubectl delete pod static-greenbox-node01 --force --grace-period=0
