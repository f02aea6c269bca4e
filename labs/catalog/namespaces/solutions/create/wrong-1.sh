# The name is refused.
kubectl create namespace Playground1
