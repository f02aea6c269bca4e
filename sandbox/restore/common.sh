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

# objects lists what there is in the cluster: apiVersion, kind, namespace, name
# and the kinds of the owners, in the order in which they are to be deleted.
kinds=validatingwebhookconfigurations,mutatingwebhookconfigurations,validatingadmissionpolicybindings,validatingadmissionpolicies
kinds+=,horizontalpodautoscalers,cronjobs,deployments,statefulsets,daemonsets,jobs,replicasets,replicationcontrollers
kinds+=,pods,services,endpointslices,ingresses,networkpolicies,poddisruptionbudgets,configmaps,secrets,serviceaccounts
kinds+=,podtemplates,resourcequotas,limitranges,roles,rolebindings,clusterrolebindings,clusterroles
kinds+=,persistentvolumeclaims,persistentvolumes,storageclasses,priorityclasses,ingressclasses,runtimeclasses
kinds+=,customresourcedefinitions,namespaces,nodes
objects() {
  kubectl get "$kinds" --all-namespaces --no-headers --request-timeout=20s --output \
    'custom-columns=A:.apiVersion,K:.kind,S:.metadata.namespace,N:.metadata.name,O:.metadata.ownerReferences[*].kind' |
    awk '{print $1, $2, $3, $4, $5}'
}
admin=/etc/kubernetes/super-admin.conf
