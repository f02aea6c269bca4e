kubectl config get-contexts
kubectl config view -o jsonpath='{.contexts[?(@.name=="{{team}}")].context.namespace}'
