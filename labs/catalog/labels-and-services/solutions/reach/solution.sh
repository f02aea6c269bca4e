curl -s http://node01:$(kubectl get service shop -o jsonpath='{.spec.ports[0].nodePort}')
