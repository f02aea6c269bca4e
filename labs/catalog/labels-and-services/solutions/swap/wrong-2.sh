# Nobody is.
kubectl label pod web app-
