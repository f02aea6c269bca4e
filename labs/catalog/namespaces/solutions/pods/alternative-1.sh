# One manifest without a namespace, and the option.
printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n' > web.yml
kubectl create -n demo -f web.yml
kubectl create -n playground1 -f web.yml
kubectl wait --for=condition=Ready pod/web --namespace=demo --timeout=60s
kubectl wait --for=condition=Ready pod/web --namespace=playground1 --timeout=60s
