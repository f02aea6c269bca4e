# Written by hand, and created.
cat > demo.yaml <<'NAMESPACE'
kind: Namespace
apiVersion: v1
metadata: {labels: {team: {{team}}}, name: demo}
NAMESPACE
kubectl create -f demo.yaml
