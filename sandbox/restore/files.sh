# Brings this node's files back to what they were; what was added or changed goes
# to /root/saved. The kubelet is restarted where it may have been told otherwise,
# and does not run while its static Pods are put right: so it never mistakes an
# earlier one for the new.
if [ ! -e "$start/entries" ]; then
  echo "nothing was kept of this cluster's beginning, so only a reset leads back"
  exit 1
fi
pkill --exact 'kubectl|curl' || true
saved=/root/saved/$(date --utc +%Y-%m-%dT%H-%M-%SZ)
node=$(hostname)
cd /

# A node that was stopped may have come back with another address.
address=$(hostname --ip-address)
if [ "$address" != "$(cat "$start/address")" ]; then
  unpacked=$(mktemp --directory --tmpdir="$start")
  tar --extract --file "$start/files.tar" --directory "$unpacked"
  grep --recursive --files-with-matches --fixed-strings --word-regexp "$(cat "$start/address")" "$unpacked" |
    xargs --no-run-if-empty sed --in-place "s/\b$(cat "$start/address")\b/$address/g"
  tar --create --file "$start/files.tar" --directory "$unpacked" --null --no-recursion --files-from "$start/entries"
  rm -r "$unpacked"
  echo "$address" >"$start/address"
fi

mapfile -d '' -t added < <(comm --zero-terminated -13 "$start/entries" <(entries))
mapfile -t differences < <(tar --compare --file "$start/files.tar" 2>&1 | sed --quiet '/: Mod time differs$/d; s/^tar: //; /: /p')
changed=("${differences[@]%%: *}")

# strangers prints the ids of static Pods' sandboxes that are not as they were at
# the beginning: another Pod's, or one's whose manifest was changed.
strangers() {
  while read -r id name; do
    grep --quiet --line-regexp --fixed-strings "$name" "$start/static" &&
      ! grep --quiet --line-regexp "etc/kubernetes/manifests/${name%-"$node"}.yaml" <(printf '%s\n' "${changed[@]}") || echo "$id"
  done < <(static)
}

systemctl is-active --quiet containerd || systemctl start containerd
kubelet=
if [ "$(kubelet_pid)" != "$(cat "$start/kubelet")" ] || [ -n "$(strangers)" ] ||
  printf '%s\n' "${added[@]}" "${changed[@]}" | grep --extended-regexp '^(etc/kubernetes|etc/default/kubelet|etc/systemd|var/lib/kubelet)' >/dev/null; then
  kubelet=restart
  systemctl stop kubelet
fi

save() { # PATH, if it is still there
  [ -e "$1" ] || [ -L "$1" ] || return 0
  mkdir -p "$saved/$(dirname "$1")"
  mv --no-target-directory --backup=numbered "$1" "$saved/$1"
}
for path in "${added[@]}"; do save "$path"; done
for difference in "${differences[@]}"; do
  path=${difference%%: *}
  # A directory stays where it is, but for one that has taken a file's place.
  if [ ! -d "$path" ] || [ -L "$path" ] || [[ $difference = *'File type differs' ]]; then save "$path"; fi
done
if [ "${#changed[@]}" -gt 0 ]; then
  printf '%s\n' "${changed[@]}" | sort --unique |
    tar --extract --file "$start/files.tar" --preserve-permissions --same-owner --no-recursion --files-from -
fi

[ -n "$kubelet" ] || exit 0
strangers | xargs --no-run-if-empty crictl rmp --force >/dev/null 2>&1 || true
systemctl daemon-reload
systemctl reset-failed kubelet
systemctl start kubelet
for _ in $(seq 100); do
  if curl --silent --fail --max-time 2 --output /dev/null 127.0.0.1:10248/healthz; then
    kubelet_pid >"$start/kubelet"
    exit 0
  fi
  sleep 0.2
done
echo "the kubelet of $node does not answer"
exit 1
