# Writes what kind and kubeadm have put on a golden node to an archive, with the file
# packed as its last member if all of it could be read.
set -euo pipefail
cd /
tar --create --file - --numeric-owner --sparse --one-file-system \
  --exclude=etc/hosts --exclude=etc/hostname --exclude=etc/resolv.conf \
  --exclude=kind/snapshots --exclude=kind/registry --exclude=kind/product_uuid --exclude=var/log/journal \
  etc kind root var
touch /run/packed
tar --create --file - --directory /run packed
