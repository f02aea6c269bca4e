# Reads the log while the Pod is there, and leaves it Terminating.
kubectl delete pod ghost --wait=false
until kubectl logs ghost | grep -q SIGTERM; do sleep 0.2; done
kubectl logs ghost | sed -n 's/.*word is \(.*\)\./\1/p'
