# The process of a container, not of the sandbox.
ssh -n node01 'crictl inspect $(crictl ps -q --name "^client$") | jq .info.pid'
