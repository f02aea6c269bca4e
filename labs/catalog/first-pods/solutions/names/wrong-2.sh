# Small letters, but still an underscore.
sed -i -e 's/StoreFront/storefront/' -e 's/Web_Server/web_server/' storefront.yml
kubectl create -f storefront.yml
