kubectl run web --image nginx --namespace {{team}}
kubectl wait pod/web --namespace {{team}} --for condition=Ready --timeout 60s
