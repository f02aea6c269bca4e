kubectl get pods -l owner={{owner}} -o jsonpath='{.items[0].metadata.name}'
