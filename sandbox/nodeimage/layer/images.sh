#!/bin/bash
# Runs as root in a container of the base, with networking: makes the root
# filesystems of the nginx and busybox images in /images.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
suite=bookworm
mirror=$(find /etc/apt -name '*.list' -o -name '*.sources' | xargs sed -nE 's/^(deb|URIs:) +([^ ]+).*/\2/p' | sed -n 1p)

apt-get -o Acquire::Retries=3 update -qq
apt-get -o Acquire::Retries=3 install -y -qq --no-install-recommends debootstrap >/dev/null

# bookworm's busybox crashes on wget -T; the next release's program is static and fits.
cat > /etc/apt/sources.list.d/next.sources <<SOURCE
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCE
apt-get -o Acquire::Retries=3 update -qq
(cd /tmp && apt-get -o APT::Sandbox::User=root -o Acquire::Retries=3 download -qq busybox-static/trixie && dpkg-deb -x busybox-static_*.deb /tmp/busybox)

mkdir -p /images
mount -t tmpfs tmpfs /images # thousands of small files, read once
debootstrap --variant=minbase --include=nginx "$suite" /images/nginx "$mirror" >/tmp/debootstrap.log || { tail -20 /tmp/debootstrap.log; exit 1; }
root=/images/nginx
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/*.log "$root"/usr/share/{doc,man,locale,info}/*
rm "$root/etc/nginx/sites-enabled/default" # a link, absolute
# The same places as in the nginx image of Docker Hub.
cat > "$root/etc/nginx/sites-enabled/default" <<'CONF'
server {
    listen 80 default_server;
    listen [::]:80 default_server;
    server_name localhost;
    location / {
        root /usr/share/nginx/html;
        index index.html index.htm;
    }
}
CONF
ln -sf /dev/stdout "$root/var/log/nginx/access.log"
ln -sf /dev/stderr "$root/var/log/nginx/error.log"

root=/images/busybox
mkdir -p "$root"/{bin,etc,home,proc,root,sys,tmp,usr/bin,usr/sbin,sbin,var}
chmod 1777 "$root/tmp"
cp /tmp/busybox/usr/bin/busybox "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do
  [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n' > "$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$root/etc/group"
