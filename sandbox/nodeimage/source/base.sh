#!/bin/bash
# Runs as root in a container of the bare root filesystem: makes it what kind's
# own base image is. The binaries and kind's files are in place already.
set -euo pipefail

chmod 755 /usr/local/bin/* /usr/local/sbin/* /usr/bin/kube{,ctl} /opt/cni/bin/* /kind/bin/*
for name in kubelet kubeadm; do ln -sf kube /usr/bin/$name; done

find /lib/systemd/system/sysinit.target.wants/ -name systemd-tmpfiles-setup.service -delete
rm -f /lib/systemd/system/multi-user.target.wants/* /etc/systemd/system/*.wants/* \
  /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/sockets.target.wants/*udev* \
  /lib/systemd/system/sockets.target.wants/*initctl* /lib/systemd/system/basic.target.wants/*
echo 'ReadKMsg=no' >> /etc/systemd/journald.conf
ln -sf /usr/lib/systemd/systemd /sbin/init
systemctl enable -q kubelet.service containerd.service undo-mount-hacks.service
systemctl mask -q systemd-binfmt.service
mkdir -p /etc/kubernetes/manifests /LICENSES

ctr oci spec \
  | jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
  > /etc/containerd/cri-base.json
