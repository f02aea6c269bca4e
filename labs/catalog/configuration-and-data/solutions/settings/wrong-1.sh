# From a file of variables, as one key: the name of the file.
echo COLOUR={{colour}} > settings.env
kubectl create configmap settings --from-file=settings.env
