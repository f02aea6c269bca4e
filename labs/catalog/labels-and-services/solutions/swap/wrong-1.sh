# Both are behind the door.
kubectl label pod spare app={{app}}
