# By hand, so that the file does not know of it.
kubectl label pod storefront role={{role}}
