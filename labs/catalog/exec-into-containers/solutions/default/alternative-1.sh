# By patch.
kubectl patch pod web --patch '{"metadata":{"annotations":{"kubectl.kubernetes.io/default-container":"busybox"}}}'
