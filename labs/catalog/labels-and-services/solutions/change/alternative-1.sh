# Both by one patch.
kubectl patch pod spare --patch '{"metadata":{"labels":{"env":"prod","draft":null}}}'
