kubectl annotate pod web kubectl.kubernetes.io/default-container=busybox
