cd /etc/kubernetes/pki
from=$(echo -n /registry/configmaps/ | base64)
to=$(echo -n /registry/configmaps0 | base64)
curl -s --cacert etcd/ca.crt --cert apiserver-etcd-client.crt --key apiserver-etcd-client.key \
  https://127.0.0.1:2379/v3/kv/range -d "{\"key\": \"$from\", \"range_end\": \"$to\", \"keys_only\": true}" \
  | jq -r '.kvs[].key | @base64d' | grep {{word}}-ledger
