kubectl delete pods --all --now
