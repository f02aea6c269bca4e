kubectl config unset contexts.kubernetes-admin@kubernetes.namespace
