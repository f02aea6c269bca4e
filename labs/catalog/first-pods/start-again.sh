sed -i -e 's/StoreFront/storefront/' -e 's/Web_Server/web-server/' /root/storefront.yml
KUBECONFIG=/etc/kubernetes/admin.conf kubectl create -f /root/storefront.yml --namespace default >/dev/null
