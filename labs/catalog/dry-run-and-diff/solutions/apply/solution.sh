sed -i 's/{{key}}-two/{{key}}-one/' new-web.yml
kubectl diff -f new-web.yml
kubectl apply -f new-web.yml
