# Keeps what this node, and on controlplane the cluster, is like at the beginning.
mkdir -p "$start"
entries >"$start/entries"
tar --create --file "$start/files.tar" --directory / --null --no-recursion --files-from "$start/entries" ||
  [ $? -eq 1 ] # a file was written to meanwhile
hostname --ip-address >"$start/address"
static | cut --delimiter ' ' --fields 2 >"$start/static"
kubelet_pid >"$start/kubelet"
[ -e "$admin" ] || exit 0

export KUBECONFIG=$admin
objects >"$start/objects"
kubectl get "$kinds" --all-namespaces --output json | jq '.items[]
  | select(.metadata.ownerReferences | not)
  | del(.status, .metadata.uid, .metadata.resourceVersion, .metadata.generation,
      .metadata.creationTimestamp, .metadata.managedFields)' >"$start/objects.json"
