#!/usr/bin/env bash
# Makes five drafts, of which four are wrong, a manifest to repair, and a Pod with
# a new manifest in which a label has got a wrong value.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
mkdir -p /root/drafts

# pod NAME: the manifest of a Pod.
pod() {
  printf '%s\n' 'apiVersion: v1' 'kind: Pod' 'metadata:' "  name: $1" 'spec:' \
    '  containers:' '  - name: main' '    image: nginx'
}
pod {{sound}} >/root/drafts/{{sound}}.yml
pod {{indent}} | sed 's/^    image/   image/' >/root/drafts/{{indent}}.yml
pod {{version}} | sed 's/^apiVersion: v1/apiVersion: v1beta1/' >/root/drafts/{{version}}.yml
pod {{field}} | sed 's/image:/imagee:/' >/root/drafts/{{field}}.yml
pod {{space}} | sed 's/^spec:/  namespace: nowhere\nspec:/' >/root/drafts/{{space}}.yml

cat >/root/shop.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: Shop
  labels:
    app: shop
spec:
  containers:
  - name: Shop
    imagee: nginx
    ports:
    - containerPort: {{port}}0
MANIFEST

kubectl apply -f - >/dev/null <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: default
  labels:
    tier: tier-one
    track: track-one
    zone: zone-one
    role: role-one
    squad: squad-one
spec:
  containers:
  - name: web
    image: nginx
POD
cat >/root/new-web.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    tier: tier-one
    track: track-one
    zone: zone-one
    role: role-one
    squad: squad-one
spec:
  containers:
  - name: web
    image: nginx:1.{{tag}}
MANIFEST
sed -i 's/{{key}}: .*/{{key}}: {{key}}-two/' /root/new-web.yml
