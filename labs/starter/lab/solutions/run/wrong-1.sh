# In the namespace default.
kubectl run web --image nginx
kubectl wait pod/web --for condition=Ready --timeout 60s
