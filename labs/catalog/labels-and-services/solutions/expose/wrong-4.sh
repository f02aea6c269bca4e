# A door into a wall: nothing listens at that port.
kubectl expose pod web --type=NodePort --name=shop --port=80 --target-port=8080
