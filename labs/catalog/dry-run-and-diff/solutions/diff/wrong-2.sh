# What the API server counts.
echo generation
