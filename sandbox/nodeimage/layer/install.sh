#!/bin/bash
# Runs as root in a container of the base: makes it a machine to learn on.
# /layer holds this folder.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

apt-get -o Acquire::Retries=3 update -qq
apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends \
  openssh-server openssh-client sudo vim nano less bash-completion jq curl tmux \
  procps net-tools iproute2 iputils-ping ca-certificates >/dev/null
apt-get clean
rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_* /etc/update-motd.d/* /usr/share/doc/* /usr/share/man/*
: > /etc/motd

cp -r --no-preserve=mode,ownership /layer/files/. /
printf 'LANG=C.UTF-8\n' > /etc/default/locale
mkdir -p /usr/share/greenbox /etc/greenbox
kubectl completion bash > /usr/share/greenbox/kubectl-completion.bash
cat /layer/bashrc >> /etc/bash.bashrc
rm -f /root/.bashrc
install -d -m 0700 /root/.ssh
update-alternatives --set editor /usr/bin/vim.basic >/dev/null
systemctl enable -q ssh.service greenbox-agent.service

cat >> /etc/containerd/config.toml <<'TOML'

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
TOML
