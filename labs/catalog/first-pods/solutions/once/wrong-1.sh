# Restarted again and again.
kubectl run greeter --image=busybox -- echo ticket-{{number}}
