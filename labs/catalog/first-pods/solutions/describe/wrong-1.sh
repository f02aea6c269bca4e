# A tag does not make a wrong name right.
kubectl set image pod/{{guest}} {{guest}}=ngnix:latest
