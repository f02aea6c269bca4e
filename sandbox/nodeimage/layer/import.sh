#!/bin/bash
# Runs as root in a container of the base that has a volume at /work: imports the
# OCI layout /import into containerd. Committed snapshots are kept in the image's
# root filesystem, outside of /var, with links to them.
set -euo pipefail
state=/var/lib/containerd
kept=/kind/snapshots
snapshots=/work/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots

mkdir -p "$state" "$kept"
cp -a "$state" /work/containerd
containerd --root /work/containerd --state /work/run --address /work/containerd.sock >/work/containerd.log 2>&1 &
pid=$!
ctr() { command ctr --address /work/containerd.sock --namespace k8s.io "$@"; }
for _ in $(seq 100); do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
tar -C /import -cf - . | ctr images import --snapshotter overlayfs --digests=false - || { tail -20 /work/containerd.log; exit 1; }
for image in $(ctr images ls -q); do ctr images label "$image" io.cri-containerd.image=managed >/dev/null; done
ctr content prune references >/dev/null
kill "$pid"
wait "$pid" || true

for snapshot in "$snapshots"/*; do
  [ -L "$snapshot" ] && continue
  mv "$snapshot" "$kept/"
  ln -s "$kept/$(basename "$snapshot")" "$snapshot"
done
rm -rf "$state"
cp -a /work/containerd "$state"
rm -rf /work/containerd /import
