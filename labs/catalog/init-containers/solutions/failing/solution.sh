sed -i 's|/dratf/|/draft/|' report.yml
kubectl replace --force -f report.yml
kubectl wait --for=condition=Ready pod/report --timeout=60s
