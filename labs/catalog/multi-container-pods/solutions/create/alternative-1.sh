# Generated, completed and applied.
kubectl run client --image=busybox --dry-run=client -o json --command -- sleep infinity |
  jq '.metadata.name = "my-pod" | .spec.containers += [{name: "nginx", image: "nginx:latest", imagePullPolicy: "IfNotPresent"}]' |
  kubectl apply -f -
kubectl wait --for=condition=Ready pod/my-pod --timeout=60s
