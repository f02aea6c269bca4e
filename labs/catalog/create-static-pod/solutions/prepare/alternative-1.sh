# Both from manifests, the second written by hand.
cat > web2.yaml <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: web2
spec:
  containers:
  - name: web
    image: nginx
POD
sed 's/web2/web1/' web2.yaml | kubectl create -f -
