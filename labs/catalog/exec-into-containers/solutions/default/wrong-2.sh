# The container that is the default anyway.
kubectl annotate pod web kubectl.kubernetes.io/default-container=web
