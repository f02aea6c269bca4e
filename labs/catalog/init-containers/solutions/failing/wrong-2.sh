# Corrects the file and applies it: a Pod's command cannot be changed.
sed -i 's|/wrok/|/work/|' report.yml
kubectl apply -f report.yml
