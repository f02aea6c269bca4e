# Creates the directory: the page is written, but where nginx does not see it.
sed -i 's|echo report|mkdir /dratf; echo report|' report.yml
kubectl replace --force -f report.yml
kubectl wait --for=condition=Ready pod/report --timeout=60s
