# Written by kubectl label, and applied over a namespace made by command.
kubectl create namespace demo
kubectl create namespace demo --dry-run=client -o yaml | kubectl label -f - --local -o yaml team={{team}} > /root/demo.yaml
kubectl apply -f /root/demo.yaml
