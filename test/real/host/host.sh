#!/bin/bash
# A whole host for the tests: systemd as pid 1 with its own journal, processes, mounts, network and users, in namespaces.
# Nothing of the machine's own systemd, journal or network is touched. Root only.
#   host.sh make DIR         a Debian in DIR with the users and units of JACO's packages; nothing runs yet
#   host.sh add DIR PACKAGE...  installs more of Debian's packages into it, with their services off
#   host.sh boot DIR CGROUP  becomes that host; ends when its caller or its pid 1 does
#   host.sh own DIR PATH     gives a folder of that host to its user jaco
#   host.sh sweep CGROUP     removes the control group that a boot left
set -eu

fail() { echo "host.sh: $*" >&2; exit 1; }

cgroups() { if [ -d /sys/fs/cgroup/unified ]; then echo /sys/fs/cgroup/unified; else echo /sys/fs/cgroup; fi; }

make() {
  local root=$1 release mirror
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
  [ -n "$release" ] && [ -n "$mirror" ] || fail 'this Debian does not say its release or where its packages come from'
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,iproute2,procps,strace,util-linux,nftables,iptables,dnsmasq-base,wireguard-tools,wireguard-go \
    "$release" "$root" "$mirror" >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2; fail 'debootstrap failed'; }
  chroot "$root" /bin/sh -eu <<'C'
groupadd --system docker
groupadd --system jaco
useradd --system --gid jaco --home-dir /var/lib/jaco --no-create-home --shell /usr/sbin/nologin jaco
usermod -aG docker jaco
useradd -m -s /bin/bash op
useradd -m -s /bin/bash -G jaco jacoop
rm -f /etc/systemd/system/*.wants/*.timer /etc/fstab /etc/machine-id /var/lib/dbus/machine-id
systemctl mask getty.target console-getty.service systemd-udevd.service systemd-udev-trigger.service systemd-logind.service \
  systemd-networkd.service systemd-timesyncd.service systemd-firstboot.service apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer e2scrub_all.timer fstrim.timer sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount \
  dev-mqueue.mount sys-fs-fuse-connections.mount modprobe@.service systemd-sysctl.service >/dev/null 2>&1
systemctl set-default multi-user.target >/dev/null 2>&1
C
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  mkdir -p "$root/var/log/journal" "$root/etc/systemd/journald.conf.d" "$root/etc/jaco"
  printf '[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\n' >"$root/etc/systemd/journald.conf.d/test.conf"
  units "$root/usr/lib/systemd/system"
}

# Not by debootstrap: it cannot configure polkitd, which firewalld needs.
add() {
  local root=$1
  shift
  cp -n /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
  {
    chroot "$root" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y -qq --no-install-recommends "$@"
  } >"$root.log" 2>&1 </dev/null || { tail -n 20 "$root.log" >&2; fail "apt-get install $*"; }
  rm -f "$root"/etc/systemd/system/*.wants/{ufw,firewalld,ipset,netfilter-persistent}.service
}

# The two units as JACO's packages install them.
units() {
  cat >"$1/jaco.socket" <<'U'
[Unit]
Description=jacod control socket
PartOf=jaco.service
[Socket]
ListenStream=/run/jaco/jaco.sock
SocketUser=jaco
SocketGroup=jaco
SocketMode=0660
RuntimeDirectory=jaco
RuntimeDirectoryMode=0755
[Install]
WantedBy=sockets.target
U
  cat >"$1/jaco.service" <<'U'
[Unit]
Description=jacod
Wants=network-online.target
After=network-online.target docker.service
Requires=jaco.socket
After=jaco.socket
[Service]
Type=notify
User=jaco
Group=jaco
Environment=JACO_CONFIG=/etc/jaco/jacod.yaml
ExecStart=/usr/local/bin/jacod
AmbientCapabilities=CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_NET_RAW
NoNewPrivileges=true
ProtectSystem=strict
ReadWritePaths=/var/lib/jaco
RuntimeDirectory=jaco
RuntimeDirectoryMode=0755
PrivateTmp=yes
Restart=on-failure
RestartSec=5
LimitNOFILE=65536
[Install]
WantedBy=multi-user.target
U
}

# own ROOT PATH: gives a folder of that host to its user jaco.
own() { chroot "$1" chown -R jaco:jaco "$2"; }

boot() {
  local root=$1 group
  group=$(cgroups)/$2
  mkdir -p "$group"
  echo $$ >"$group/cgroup.procs"
  # The host dies with the process that booted it, and all its processes with its pid 1.
  exec setpriv --pdeathsig KILL -- unshare --fork --kill-child --pid --mount --uts --ipc --net --cgroup -- \
    bash -eu -c '
      root=$1
      mount --make-rprivate /
      hostname "$(cat "$root/etc/hostname")"
      mount --bind "$root" "$root"
      cd "$root"
      mount -t proc proc proc
      mount -t sysfs sysfs sys
      mount -t cgroup2 cgroup2 sys/fs/cgroup
      mount -t tmpfs -o mode=755 tmpfs dev
      mkdir dev/pts dev/shm dev/net
      mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
      ln -s pts/ptmx dev/ptmx
      mount -t tmpfs tmpfs dev/shm
      for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 net/tun:10:200; do
        IFS=: read -r name major minor <<<"$node"
        mknod -m 666 "dev/$name" c "$major" "$minor"
      done
      ln -s /proc/self/fd dev/fd; ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr; ln -s null dev/console
      mount -t tmpfs -o mode=755 tmpfs run
      mount -t tmpfs -o mode=1777 tmpfs tmp
      ip link set lo up
      mkdir -p .old
      pivot_root . .old
      cd /
      umount -l /.old
      mount --make-rshared /
      exec env -i container=test PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        /lib/systemd/systemd --system --show-status=0 </dev/null >/dev/null 2>&1
    ' host "$root"
}

sweep() {
  local group
  group=$(cgroups)/$1
  for _ in $(seq 50); do
    [ -d "$group" ] || return 0
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
  done
  fail "$group is still in use"
}

"$@"
