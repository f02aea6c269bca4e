# A Service in another namespace has another name in the DNS.
kubectl create namespace {{service}}
kubectl create service clusterip {{service}} --tcp=80 --namespace={{service}}
