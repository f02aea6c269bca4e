# Read in the program rather than in its log.
kubectl get configmap crashing -o jsonpath='{.data.start\.sh}' | sed -n 's/.*port \([0-9]*\) .*/\1/p'
