# An annotation.
kubectl annotate pod web app={{app}}
