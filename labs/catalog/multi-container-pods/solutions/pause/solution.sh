ssh -n node01 'crictl inspectp $(crictl pods -q --name "^my-pod$") | jq .info.pid'
