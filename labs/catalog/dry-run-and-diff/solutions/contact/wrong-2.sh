# The collection instead of the object.
echo /api/v1/namespaces/default/pods
