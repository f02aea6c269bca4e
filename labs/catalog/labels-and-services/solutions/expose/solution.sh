kubectl expose pod web --type=NodePort --name=shop --port=80
