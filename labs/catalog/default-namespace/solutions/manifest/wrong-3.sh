# Corrects the file, but leaves behind what the first attempt made.
kubectl apply -f report.yml
sed -i '/namespace:/d' report.yml
kubectl apply -f report.yml
