# By the default namespace of the context.
for namespace in demo playground1; do
  kubectl config set-context --current --namespace="$namespace"
  kubectl run web --image=nginx
  kubectl wait --for=condition=Ready pod/web --timeout=60s
done
