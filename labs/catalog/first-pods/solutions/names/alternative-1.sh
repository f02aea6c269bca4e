sed -i -e 's/StoreFront/storefront/' -e 's/Web_Server/web-server/' storefront.yml
kubectl apply -f storefront.yml
