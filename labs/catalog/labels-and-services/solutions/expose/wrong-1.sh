# For the inside only.
kubectl expose pod web --name=shop --port=80
