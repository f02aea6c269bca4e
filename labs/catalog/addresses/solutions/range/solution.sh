node=$(kubectl get pod {{pod}} -o jsonpath='{.spec.nodeName}')
kubectl get node $node -o jsonpath='{.spec.podCIDR}{"\n"}'
