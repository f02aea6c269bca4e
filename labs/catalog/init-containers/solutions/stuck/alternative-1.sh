# Read in describe: the one whose state is Running.
kubectl describe pod shop | awk '/^  [a-z-]+:$/ {name = $1} /State: +Running/ {sub(":", "", name); print name}'
