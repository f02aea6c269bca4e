# A machine of this release with nothing but its base system and no network, on a
# memory disk in namespaces of its own: when they end, so does all that is in them.
#   offline.sh STEP ROOT BUNDLE [SUITE MIRROR]
# make (with a network) leaves the machine in ROOT.tar; serve (without one) unpacks
# it into ROOT, installs from BUNDLE and tells how far it has come, a word a line.
set -euo pipefail
step=$1 root=$2 bundle=$3

fresh() {
  mkdir -p "$root"
  mount -t tmpfs -o mode=755 greenbox-offline "$root"
}

ask() { # METHOD PATH: the answer of the server, head and body
  exec 3<>/dev/tcp/127.0.0.1/8080 || return 1
  printf '%s %s HTTP/1.0\r\nHost: localhost:8080\r\nContent-Length: 0\r\n\r\n' "$1" "$2" >&3
  timeout 20 cat <&3
}

case $step in
make)
  fresh
  debootstrap --variant=minbase --include=iproute2 "$4" "$root" "$5"
  tar -C "$root" --numeric-owner --one-file-system -cf "$root.tar.partial" .
  mv "$root.tar.partial" "$root.tar"
  ;;
serve)
  fresh
  tar -C "$root" -xf "$root.tar"
  mkdir -p "$root/bundle" "$root/old" "$root/etc/docker"
  echo '{"cgroup-parent": "/greenbox-offline"}' >"$root/etc/docker/daemon.json" # cgroups outlive the namespaces
  mount --bind "$bundle" "$root/bundle"
  mount -o remount,bind,ro "$root/bundle"
  mount --rbind /dev "$root/dev"
  mount --rbind /sys "$root/sys"
  cp "$0" "$root/offline.sh"
  cd "$root"
  pivot_root . old
  mount -t proc proc /proc
  umount -l /old
  exec chroot . /bin/bash /offline.sh inside / /bundle
  ;;
inside)
  ip link set lo up
  [ "$(ip -o link | wc -l)" = 1 ] && [ -z "$(ip route)" ] || { echo "there is a network"; exit 1; }
  if command -v dockerd docker; then echo "there is an engine"; exit 1; fi
  echo alone
  HOME=/root "$bundle/greenbox" up --from "$bundle" &
  until ask GET /readyz >/last 2>/dev/null && grep -q '^HTTP/1.. 200' /last; do
    kill -0 $! || exit 1
    sleep 0.3
  done
  echo serving
  ask POST /api/v1/labs/delete-static-pod/sessions
  until ask GET /api/v1/sessions >/last && grep -q '"state":"ready"' /last; do
    if grep '"state":"failed"' /last; then exit 1; fi
    sleep 1
  done
  echo ready
  ;;
esac
