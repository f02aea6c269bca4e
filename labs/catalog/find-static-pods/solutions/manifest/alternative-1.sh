# Only the name of the file.
ssh -n node01 'cd /etc/kubernetes/manifests && grep -l "name: {{pod}}$" *'
