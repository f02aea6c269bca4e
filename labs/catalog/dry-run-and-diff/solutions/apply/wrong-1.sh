# Applies what should have been read.
kubectl apply -f new-web.yml
