ssh -n node01 'crictl inspectp $(crictl pods -q --state ready --name "^my-pod$") | jq .info.pid'
