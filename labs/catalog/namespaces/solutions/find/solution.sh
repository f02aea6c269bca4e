kubectl get pods -A --field-selector=metadata.name=stray -o jsonpath='{.items[0].metadata.namespace}'
