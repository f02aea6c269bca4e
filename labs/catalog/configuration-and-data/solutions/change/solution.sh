kubectl patch configmap settings -p '{"data": {"COLOUR": "{{later}}"}}'
kubectl replace --force -f app.yml
kubectl wait --for=condition=Ready pod/app --timeout=60s
