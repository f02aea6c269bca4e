# The name of the context.
echo {{team}}
