cd /
exec tar --create --file - --numeric-owner --sparse --one-file-system --exclude=etc/hosts --exclude=etc/hostname --exclude=etc/resolv.conf --exclude=kind/snapshots --exclude=kind/registry etc kind root var
