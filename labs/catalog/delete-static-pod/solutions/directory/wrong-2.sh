# The file rather than its directory.
echo /etc/just-to-mess-with-you/greenbox.yaml
