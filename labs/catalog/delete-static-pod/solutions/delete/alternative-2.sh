# Removes the whole directory.
ssh -n node01 rm -r /etc/just-to-mess-with-you
