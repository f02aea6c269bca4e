# What every script here begins with.
set -euo pipefail
export LC_ALL=C
start=/var/lib/greenbox-start

# entries lists, ended by NUL, what a learner may have changed on this node,
# but for what changes by itself or is the learner's own (history, caches).
entries() {
  cd /
  {
    find . -mindepth 1 -maxdepth 1 -printf '%P\0'
    find etc home mnt opt root srv tmp var/lib/kubelet/{config.yaml,instance-config.yaml,kubeadm-flags.env} -xdev \( \
      -path etc/hosts -o -path etc/hostname -o -path etc/resolv.conf -o -path etc/mtab \
      -o -path opt/cni -o -path opt/containerd \
      -o -path root/saved -o -path root/.bash_history -o -path root/.viminfo -o -path root/.lesshst \
      -o -path root/.cache -o -path root/.local -o -path root/.kube/cache -o -path 'root/.ssh/known_hosts*' \
      -o -path 'tmp/.*' -o -path 'tmp/tmux-*' -o -path 'tmp/systemd-*' -o -path tmp/hostpath_pv \
      -o -type s -o -type p \) -prune -o -print0 2>/dev/null || true
  } | sort --zero-terminated --unique
}

# static prints the id and the name of each sandbox of a static Pod.
static() {
  crictl pods --output json |
    jq --raw-output '.items[] | select(.annotations["kubernetes.io/config.source"] == "file") | "\(.id) \(.metadata.name)"'
}

kubelet_pid() { systemctl show --property MainPID --value kubelet; }

# ask asks the API server, as an administrator that no learner can take rights from.
api=https://localhost:6443
ask() {
  curl --silent --show-error --fail-early --fail --globoff --max-time 30 --cacert /etc/kubernetes/pki/ca.crt \
    --cert "$start/admin.crt" --key "$start/admin.key" "$@"
}

# lists are where objects are listed, in the order in which they are to be deleted.
lists=()
for list in \
  apis/admissionregistration.k8s.io/v1/{{validating,mutating}webhookconfigurations,validatingadmissionpolicybindings,validatingadmissionpolicies} \
  apis/autoscaling/v2/horizontalpodautoscalers apis/batch/v1/{cronjobs,jobs} \
  apis/apps/v1/{deployments,statefulsets,daemonsets,replicasets} api/v1/{replicationcontrollers,pods,services} \
  apis/discovery.k8s.io/v1/endpointslices apis/networking.k8s.io/v1/{ingresses,networkpolicies} \
  apis/policy/v1/poddisruptionbudgets api/v1/{configmaps,secrets,serviceaccounts,podtemplates,resourcequotas,limitranges} \
  apis/rbac.authorization.k8s.io/v1/{roles,rolebindings,clusterrolebindings,clusterroles} \
  api/v1/{persistentvolumeclaims,persistentvolumes} apis/storage.k8s.io/v1/storageclasses \
  apis/scheduling.k8s.io/v1/priorityclasses apis/networking.k8s.io/v1/ingressclasses apis/node.k8s.io/v1/runtimeclasses \
  apis/apiextensions.k8s.io/v1/customresourcedefinitions api/v1/{namespaces,nodes}; do
  lists+=("$api/$list")
done

# look keeps what the lists say now, and prints a line for each object: where it is
# listed, its kind, namespace and name, and the kind of its owner.
look() { # LIST...
  ask "$@" >"$start/now.json" || return
  jq --null-input --raw-output '[inputs] | to_entries[] | $ARGS.positional[.key] as $list | .value
    | (.kind | rtrimstr("List")) as $kind | .items[]
    | [$list, $kind, .metadata.namespace // "-", .metadata.name, ([.metadata.ownerReferences[]?.kind] | first // "-")]
    | join(" ")' "$start/now.json" --args "$@"
}
