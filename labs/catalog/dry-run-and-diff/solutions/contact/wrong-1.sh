# The description of the API, which kubectl reads first.
echo /openapi/v3
