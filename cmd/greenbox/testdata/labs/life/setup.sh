ssh -n node01 touch /root/anchor
