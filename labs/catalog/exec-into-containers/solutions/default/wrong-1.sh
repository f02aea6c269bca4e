# A label instead of an annotation.
kubectl label pod web kubectl.kubernetes.io/default-container=busybox
