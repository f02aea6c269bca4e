# Removes what is complained of.
sed -i -e 's/Shop/shop/' -e 's/imagee/image/' -e '/ports:/d' -e '/containerPort/d' shop.yml
kubectl apply -f shop.yml --dry-run=server
