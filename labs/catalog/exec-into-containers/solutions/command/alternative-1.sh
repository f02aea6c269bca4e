# Through a shell in the container.
kubectl exec -i client -c client -- sh <<<'cat /tmp/badge'
