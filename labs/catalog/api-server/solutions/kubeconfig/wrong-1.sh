# The keys are left out.
kubectl config view > /root/{{word}}.conf
