#!/bin/bash
# Installs what test/real, test/live and scripts/release need beyond Node, on Debian. One line a package: its name, then a program it
# must bring. The host that test/real boots gets its own packages from debootstrap (test/real/host/host.sh). Node 26 needs libatomic.
set -u

wanted='
debootstrap             debootstrap
util-linux              nsenter
systemd-journal-remote  /lib/systemd/systemd-journal-remote
iproute2                ip
docker.io               dockerd
docker-cli              docker
busybox-static          busybox
pebble                  pebble
openssl                 openssl
curl                    curl
zsh                     zsh
strace                  strace
binutils                objdump
binutils-aarch64-linux-gnu aarch64-linux-gnu-strip
qemu-user               qemu-aarch64
libstdc++6-arm64-cross  /usr/aarch64-linux-gnu/lib/libstdc++.so.6
xz-utils                xz
nftables                nft
iptables                iptables-save
ipset                   ipset
dnsmasq-base            dnsmasq
unbound                 unbound
golang-go               go
rpm                     rpm
lintian                 lintian
man-db                  man
mandoc                  mandoc
fish                    fish
libatomic1              /usr/lib/x86_64-linux-gnu/libatomic.so.1
'

command -v apt-get >/dev/null || { echo "install-real: no apt-get here; install by hand:$wanted" >&2; exit 1; }
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
export DEBIAN_FRONTEND=noninteractive

PATH=$PATH:/usr/sbin:/sbin:/usr/local/go/bin
"${as_root[@]}" apt-get update -qq || { echo 'install-real: apt-get update failed' >&2; exit 1; }
# Some bring no program, but a file.
installed() { command -v "$1" >/dev/null || [ -f "$1" ]; }
# Installed packages are kept: otherwise another Docker would be removed. Before Debian 13 there is no package docker-cli.
mapfile -t packages < <(while read -r package program; do
  [ -n "$package" ] && ! installed "$program" && apt-cache show "$package" >/dev/null 2>&1 && echo "$package"
done <<<"$wanted")
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" ||
  { echo 'install-real: apt-get install failed' >&2; exit 1; }

missing=0
while read -r package program; do
  if [ -n "$package" ] && ! installed "$program"; then
    echo "install-real: $package did not bring $program" >&2
    missing=1
  fi
done <<<"$wanted"
exit "$missing"
