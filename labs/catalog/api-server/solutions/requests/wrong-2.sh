# The path of what is in the core group.
echo /api/v1/namespaces/{{space}}/{{resource}}
