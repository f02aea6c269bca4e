# The Pod's name alone.
sed -i 's/StoreFront/storefront/' storefront.yml
kubectl create -f storefront.yml
