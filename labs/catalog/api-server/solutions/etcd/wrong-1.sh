# The path of the API, not the key in the store.
echo /api/v1/namespaces/default/configmaps/{{word}}-ledger
