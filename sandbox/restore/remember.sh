# Keeps what this node, and on controlplane the cluster, is like at the beginning.
umask 077
mkdir -p "$start"
entries >"$start/entries"
tar --create --file "$start/files.tar" --directory / --null --no-recursion --files-from "$start/entries" ||
  [ $? -eq 1 ] # a file was written to meanwhile
hostname --ip-address >"$start/address"
static | cut --delimiter ' ' --fields 2 >"$start/static"
kubelet_pid >"$start/kubelet"

admin=/etc/kubernetes/super-admin.conf
[ -e "$admin" ] || exit 0
sed --quiet 's/.*client-certificate-data: //p' "$admin" | base64 --decode >"$start/admin.crt"
sed --quiet 's/.*client-key-data: //p' "$admin" | base64 --decode >"$start/admin.key"
look "${lists[@]}" >"$start/objects"
jq '.apiVersion as $version | (.kind | rtrimstr("List")) as $kind | .items[] | select(.metadata.ownerReferences | not)
  | {apiVersion: $version, kind: $kind} + .
  | del(.status, .metadata.uid, .metadata.resourceVersion, .metadata.generation, .metadata.creationTimestamp,
      .metadata.managedFields)' "$start/now.json" >"$start/objects.json"
