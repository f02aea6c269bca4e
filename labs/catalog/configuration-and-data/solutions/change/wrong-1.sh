# Changes the ConfigMap and leaves the Pod as it is.
kubectl patch configmap settings -p '{"data": {"COLOUR": "{{later}}"}}'
