# Removes the manifest, so that nothing comes back.
ssh -n node01 rm /etc/kubernetes/manifests/web2.yaml
kubectl delete pod web1 --now
