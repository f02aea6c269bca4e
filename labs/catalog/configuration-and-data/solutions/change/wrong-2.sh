# Gives the Pod the value by itself: the ConfigMap says another.
kubectl delete pod app --now
kubectl run app --image=nginx --env=COLOUR={{later}}
kubectl wait --for=condition=Ready pod/app --timeout=60s
