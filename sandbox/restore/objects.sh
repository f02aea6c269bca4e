# Brings the cluster's objects and its nodes back to what there was.
deadline=$((SECONDS + 110))

# clutter picks from look's lines what was not there at the beginning and does not
# come and go by itself. What is in a namespace of the system's own is its
# controllers' business, but for a learner's workloads and Services.
clutter() {
  awk 'NR == FNR {known[$1 $3 $4]; if ($2 == "Namespace" && $4 != "default") system_[$4]; next}
    $1 $3 $4 in known || $2 == "Node" {next}
    $3 == "-" {print; next}
    $2 == "EndpointSlice" && $5 != "-" {next}
    $2 == "ConfigMap" && $4 == "kube-root-ca.crt" || $2 == "ServiceAccount" && $4 == "default" {next}
    $3 in system_ && !($2 == "Pod" && $5 == "Node" ||
      $5 == "-" && $2 ~ /^(Pod|Deployment|DaemonSet|StatefulSet|ReplicaSet|CronJob|Job|Service)$/) {next}
    {print}' "$start/objects" -
}

# urls prints where each object of look's lines is.
urls() {
  awk '$3 == "-" {print $1 "/" $4; next}
    {match($1, /[^\/]*$/); print substr($1, 1, RSTART - 1) "namespaces/" $3 "/" substr($1, RSTART) "/" $4}'
}

# each sends what the arguments say to each of the URLs it reads. What has gone or
# changed meanwhile answers an error, and is looked at again.
each() {
  local urls
  mapfile -t urls
  curl --silent --globoff --max-time 60 --cacert /etc/kubernetes/pki/ca.crt --cert "$start/admin.crt" --key "$start/admin.key" \
    "$@" "${urls[@]}" >/dev/null || true
}

# release lets go of what is held by a finalizer that nobody serves.
release() {
  urls <<<"$1" | each --request PATCH --header 'Content-Type: application/merge-patch+json' --data '{"metadata": {"finalizers": null}}'
}

# finalize does for namespaces that are being deleted what their controller would
# begin to do after five seconds. What look lists in them is deleted already.
finalize() {
  local names
  mapfile -t names < <(awk '$2 == "Namespace" {print $4}' <<<"$1")
  [ "${#names[@]}" -gt 0 ] || return 0
  for kind in configmaps serviceaccounts events; do
    printf "$api/api/v1/namespaces/%s/$kind\n" "${names[@]}"
  done | each --request DELETE
  for name in "${names[@]}"; do
    each --request PUT --json "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"$name\"}, \"spec\": {}}" \
      <<<"$api/api/v1/namespaces/$name/finalize"
  done
}

# make makes again what was there at the beginning and is not in look's lines.
make() {
  awk 'NR == FNR {there[$1 $3 $4]; next} $5 == "-" && !($1 $3 $4 in there) {print $2, $3, $4}' - "$start/objects" |
    jq --slurp --raw-input --compact-output --slurpfile all "$start/objects.json" 'split("\n") as $gone | $all[]
      | select("\(.kind) \(.metadata.namespace // "-") \(.metadata.name)" as $it | $gone | index($it))' >"$start/missing.json"
  # Some come back by themselves: then they exist.
  [ ! -s "$start/missing.json" ] ||
    kubectl --kubeconfig /etc/kubernetes/super-admin.conf create --filename "$start/missing.json" >/dev/null 2>&1 || true
}

# settle waits two seconds for the objects of look's lines to go.
settle() {
  local where left
  mapfile -t where < <(awk '{print $1}' <<<"$1" | uniq)
  for pause in 0.1 0.2 0.3 0.4 0.5 0.5; do
    if left=$(look "${where[@]}" 2>/dev/null | clutter) && [ -z "$left" ]; then return; fi
    sleep "$pause"
  done
}

objects() {
  local now left round=0
  while [ "$SECONDS" -lt "$deadline" ]; do
    if ! now=$(look "${lists[@]}" 2>"$start/error"); then
      left=$(tail --lines 1 "$start/error") # the API server is on its way back
      sleep 0.5
      continue
    fi
    left=$(clutter <<<"$now")
    if [ -z "$left" ]; then
      make <<<"$now"
      return
    fi
    [ "$round" -eq 0 ] || release "$left"
    urls <<<"$left" | each --request DELETE --json '{"gracePeriodSeconds": 0, "propagationPolicy": "Background"}'
    finalize "$left"
    settle "$left"
    round=$((round + 1))
  done
  echo "not as it was: $(head --lines 1 <<<"$left")"
  return 1
}

# astray prints, for each node that is not as it was or not Ready, its name and a
# patch.
astray() {
  jq --compact-output --slurpfile all "$start/objects.json" '
    def back($was): (. // {} | with_entries(.value = null)) + ($was // {});
    .items[] | . as $now | ($all[] | select(.kind == "Node" and .metadata.name == $now.metadata.name)) as $was
    | [.spec.taints[]? | select(.key | startswith("node.kubernetes.io/"))] as $own
    | {name: .metadata.name, patch: {
        metadata: {labels: (.metadata.labels | back($was.metadata.labels)), annotations: (.metadata.annotations // {}
          | with_entries(select(.key | test("(^|\\.)kubernetes\\.io/") | not)) | back($was.metadata.annotations))},
        spec: {unschedulable: null, taints: ([$own[] | select(.key != "node.kubernetes.io/unschedulable")]
          + [$was.spec.taints[]? | select(.key | startswith("node.kubernetes.io/") | not)])}}}
    | select(.patch.metadata.labels != $now.metadata.labels or (.patch.metadata.annotations | any(. == null))
        or $now.spec.unschedulable or ([$now.spec.taints[]?] | sort_by(.key)) != (.patch.spec.taints | sort_by(.key))
        or ($own != []) or all($now.status.conditions[]; .type != "Ready" or .status != "True"))'
}

nodes() {
  local wrong one now
  now=$(jq 'select(.kind == "NodeList")' "$start/now.json")
  while wrong=$(astray <<<"$now"); [ -n "$wrong" ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "node $(head --lines 1 <<<"$wrong" | jq --raw-output .name) is not Ready"
      return 1
    fi
    while read -r one; do
      each --request PATCH --header 'Content-Type: application/merge-patch+json' --data "$(jq .patch <<<"$one")" \
        <<<"$api/api/v1/nodes/$(jq --raw-output .name <<<"$one")"
    done <<<"$wrong"
    sleep 0.2
    until now=$(ask "$api/api/v1/nodes" 2>/dev/null) || [ "$SECONDS" -ge "$deadline" ]; do sleep 0.5; done
  done
}

objects
nodes
