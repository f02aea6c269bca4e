kubectl create configmap settings --from-literal=COLOUR={{colour}}
