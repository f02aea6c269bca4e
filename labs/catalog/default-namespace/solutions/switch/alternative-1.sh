# The same entry, by its path.
kubectl config set contexts.kubernetes-admin@kubernetes.namespace {{ns}}
