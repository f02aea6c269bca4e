# From another image.
kubectl run web --image busybox --namespace {{team}} -- sleep 1000000
kubectl wait pod/web --namespace {{team}} --for condition=Ready --timeout 60s
