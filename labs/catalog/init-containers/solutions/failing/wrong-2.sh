# Corrects the file and applies it: a Pod's command cannot be changed.
sed -i 's|/dratf/|/draft/|' report.yml
kubectl apply -f report.yml
