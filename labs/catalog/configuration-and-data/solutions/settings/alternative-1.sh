# From a file of variables.
echo COLOUR={{colour}} > settings.env
kubectl create configmap settings --from-env-file=settings.env
