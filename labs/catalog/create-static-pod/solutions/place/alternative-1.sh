# Another format and another name for the file: the kubelet does not mind.
kubectl run web2 --image=nginx --dry-run=client -o json | ssh node01 'cat > /etc/kubernetes/manifests/my-pod.json'
kubectl wait --for=create pod/web2-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/web2-node01 --timeout=60s
