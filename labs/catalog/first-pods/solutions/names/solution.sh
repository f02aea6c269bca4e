sed -i -e 's/StoreFront/storefront/' -e 's/Web_Server/web-server/' storefront.yml
kubectl create -f storefront.yml
