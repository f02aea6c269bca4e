#!/usr/bin/env bash
# Passes when the running {{pod}} has seen the API server away. Earlier containers
# of the same Pod count.
logs=$(crictl pods --state ready --name '^{{pod}}-node01$' --output json |
  jq -r '.items[0].metadata | "/var/log/pods/\(.namespace)_\(.name)_\(.uid)/watch"')
away=$(cat "$logs"/*.log 2>/dev/null | grep -c 'API server away')
echo "API server away: $away"
[ "$away" -ge 5 ]
