# Brings the cluster's objects and its nodes back to what there was.
export KUBECONFIG=$admin
deadline=$((SECONDS + 80))

# clutter picks from objects what was not there at the beginning and does not
# come and go by itself. What is kept in a namespace of the system's own is its
# controllers' business, but for a learner's workloads and Services.
clutter() {
  awk 'NR == FNR {known[$1 $2 $3 $4]; if ($2 == "Namespace" && $4 != "default") shipped[$4]; next}
    $1 $2 $3 $4 in known || $2 == "Node" {next}
    $3 == "<none>" {print; next}
    $2 == "EndpointSlice" && $5 != "<none>" {next}
    $2 == "ConfigMap" && $4 == "kube-root-ca.crt" || $2 == "ServiceAccount" && $4 == "default" {next}
    $3 in shipped && !($5 == "<none>" && $2 ~ /^(Pod|Deployment|DaemonSet|StatefulSet|ReplicaSet|CronJob|Job|Service)$/ || $5 == "Node") {next}
    {print}' "$start/objects" -
}

documents() {
  awk '{print "---\napiVersion: " $1 "\nkind: " $2 "\nmetadata:\n  name: \"" $4 "\""; if ($3 != "<none>") print "  namespace: \"" $3 "\""}'
}

# missing prints those of the beginning that are gone, as they were.
missing() {
  awk 'NR == FNR {there[$1 $2 $3 $4]; next} $5 == "<none>" && !($1 $2 $3 $4 in there) {print $1, $2, $3, $4}' <(echo "$1") "$start/objects" |
    jq --slurp --slurpfile all "$start/objects.json" --raw-input 'split("\n") as $gone | $all[]
      | select("\(.apiVersion) \(.kind) \(.metadata.namespace // "<none>") \(.metadata.name)" as $it | $gone | index($it))'
}

# release lets go of what something holds on to: a finalizer nobody serves.
release() {
  documents <<<"$1" | kubectl patch --filename - --type merge --patch '{"metadata": {"finalizers": null}}' >/dev/null 2>&1 || true
  [ "$2" -ge 15 ] || return 0
  while read -r _ kind _ name _; do
    [ "$kind" = Namespace ] || continue
    kubectl get namespace "$name" --output json | jq '.spec.finalizers = []' |
      kubectl replace --raw "/api/v1/namespaces/$name/finalize" --filename - >/dev/null 2>&1 || true
  done <<<"$1"
}

clean() {
  local now left= round=0
  while [ "$SECONDS" -lt "$deadline" ]; do
    if ! now=$(objects 2>"$start/error"); then # the API server is on its way back
      left=$(tail --lines 1 "$start/error")
      sleep 0.5
      continue
    fi
    left=$(clutter <<<"$now")
    if [ -z "$left" ]; then
      missing "$now" | make
      return
    fi
    [ "$round" -lt 2 ] || release "$left" "$round"
    documents <<<"$left" | kubectl delete --filename - --force --grace-period=0 --wait=false --ignore-not-found >/dev/null 2>&1 || true
    round=$((round + 1))
    [ "$round" -eq 1 ] || sleep 0.5
  done
  echo "still there: $(head --lines 1 <<<"$left")"
  return 1
}

# make makes the objects it reads, but for what a controller has made meanwhile.
make() {
  local lost
  lost=$(cat)
  [ -z "$lost" ] || kubectl create --filename - <<<"$lost" >/dev/null 2>&1 || true
}

# patches prints a merge patch for each node that is not as it was, or not Ready.
patches() {
  jq --compact-output --slurpfile all "$start/objects.json" '
    def system: test("(^|\\.)kubernetes\\.io/");
    def back($was): . // {} | with_entries(.value = null) + ($was // {});
    .items[] | . as $now | ($all[] | select(.kind == "Node" and .metadata.name == $now.metadata.name)) as $was
    | {name: .metadata.name, ready: any(.status.conditions[]; .type == "Ready" and .status == "True"), patch: {
        metadata: {
          labels: (.metadata.labels | back($was.metadata.labels)),
          annotations: (.metadata.annotations // {} | with_entries(select(.key | system | not)) | back($was.metadata.annotations))},
        spec: {
          unschedulable: null,
          taints: ([.spec.taints[]? | select((.key | startswith("node.kubernetes.io/")) and .key != "node.kubernetes.io/unschedulable")]
            + [$was.spec.taints[]? | select(.key | startswith("node.kubernetes.io/") | not)])}}}
    | select((.ready | not)
        or (.patch.metadata.labels | any(. == null)) or ($now.metadata.labels != .patch.metadata.labels)
        or (.patch.metadata.annotations | any(. == null)) or ($now.spec.unschedulable // false)
        or ([$now.spec.taints[]?] | sort_by(.key)) != (.patch.spec.taints | sort_by(.key)))'
}

nodes() {
  local wrong name
  while [ "$SECONDS" -lt "$deadline" ]; do
    wrong=$(kubectl get nodes --output json --request-timeout=20s 2>/dev/null | patches) || wrong=unknown
    [ -n "$wrong" ] || return 0
    if [ "$wrong" = unknown ]; then sleep 0.5; continue; fi
    while read -r one; do
      name=$(jq --raw-output .name <<<"$one")
      kubectl patch node "$name" --type merge --patch "$(jq --compact-output .patch <<<"$one")" >/dev/null || true
      kubectl wait "node/$name" --for=condition=Ready --timeout=30s >/dev/null || true
    done <<<"$wrong"
  done
  echo "node $(jq --raw-output .name <<<"$wrong" 2>/dev/null || true) is not Ready"
  return 1
}

clean
nodes
