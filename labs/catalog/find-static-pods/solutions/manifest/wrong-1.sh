# What one would expect it to be called.
echo /etc/kubernetes/manifests/{{pod}}.yaml
