# The Service looks for another label.
kubectl set selector service shop env=prod
