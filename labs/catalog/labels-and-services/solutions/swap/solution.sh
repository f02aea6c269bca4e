kubectl label pod spare app={{app}}
kubectl label pod web app-
