kubectl get pod static-greenbox-node01 --output 'jsonpath={.spec.nodeName}'
