# From a manifest.
printf 'apiVersion: v1\nkind: Namespace\nmetadata: {name: playground1}\n' | kubectl apply -f -
