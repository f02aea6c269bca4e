# By the end of the name.
kubectl get pods -A -o name | grep -c -e '-controlplane$' -e '-node01$'
