# Applied first, repaired afterwards.
kubectl apply -f new-web.yml
sed -i 's/{{key}}-two/{{key}}-one/' new-web.yml
kubectl apply -f new-web.yml
