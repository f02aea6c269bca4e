# A dry run, and no more.
sed -i 's/{{key}}-two/{{key}}-one/' new-web.yml
kubectl apply -f new-web.yml --dry-run=server
