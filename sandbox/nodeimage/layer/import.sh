#!/bin/bash
# Runs as root in a container of the base that has a volume at /scratch: imports the
# OCI layout /import into containerd. Committed snapshots are kept in the image's
# root filesystem, outside of /var, with links to them.
set -euo pipefail
state=/var/lib/containerd
kept=/kind/snapshots
snapshots=/scratch/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots

mkdir -p "$state" "$kept"
cp -a "$state" /scratch/containerd
containerd --root /scratch/containerd --state /scratch/run --address /scratch/containerd.sock >/scratch/containerd.log 2>&1 &
pid=$!
ctr() { command ctr --address /scratch/containerd.sock --namespace k8s.io "$@"; }
for _ in $(seq 100); do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
tar -C /import -cf - . | ctr images import --snapshotter overlayfs --digests=false - || { tail -20 /scratch/containerd.log; exit 1; }
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
cp -a /scratch/containerd "$state"
rm -rf /scratch/containerd /import
