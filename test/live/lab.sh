#!/bin/bash
# Nodes of a real cluster, one network namespace each, on one bridge. To be sourced; root only.
#   JACOD, JACO  the real programs      LAB     scratch folder, which the caller made
#   P            prefix of all names    SUBNET  first three octets of the nodes' network
# Node i: namespace $P$i, host name jaco-$i, address $SUBNET.$i, ports 7000 and 7001, files under $LAB/j$i.
: "${JACOD:?path of jacod}" "${JACO:?path of jaco}" "${LAB:?scratch folder}" "${P:?prefix}" "${SUBNET:?three octets}"
NODEPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

lab_net() { # lab_net N: a bridge and N hosts on it
  local i
  ip netns add "${P}br"
  ip -n "${P}br" link set lo up
  ip -n "${P}br" link add br0 type bridge
  ip -n "${P}br" link set br0 up
  for i in $(seq 1 "$1"); do
    ip netns add "$P$i"
    ip -n "$P$i" link set lo up
    ip link add "${P}v$i" netns "${P}br" type veth peer name eth0 netns "$P$i"
    ip -n "${P}br" link set "${P}v$i" master br0 up
    ip -n "$P$i" addr add "$SUBNET.$i/24" dev eth0
    ip -n "$P$i" link set eth0 up
    # As Docker has it, wherever it was started.
    nsenter --net="/run/netns/$P$i" sysctl -qw net.ipv4.ip_forward=1
    mkdir -p "$LAB/j$i/data"
    lab_resolver "$i"
    echo "jaco-$i" >"$LAB/j$i/hostname"
    lab_config "$i"
  done
}

lab_resolver() { # lab_resolver I: the name server that jacod.yaml names: it knows every name
  ip netns exec "$P$1" dnsmasq --conf-file=/dev/null --port=5353 --listen-address=127.0.0.1 --bind-interfaces --no-resolv \
    --no-hosts --user=root --pid-file="$LAB/j$1/resolver.pid" --address=/#/192.0.2.1
}

lab_config() { # lab_config I [DATA]: jacod.yaml where nothing is wrong
  cat >"$LAB/j$1/jacod.yaml" <<Y
data_dir: ${2:-$LAB/j$1/data}
listen_addr: $SUBNET.$1:7000
cluster_addr: $SUBNET.$1:7001
unix_socket: $LAB/j$1/jaco.sock
node_status_interval: 5s
acme_enabled: false
dns: {forwarders: ["127.0.0.1:5353"]}
Y
}

# lab_on I CMD...: on node I. Its /run and journal are empty: this machine's systemd and docker are not its own. Its Docker is
# whatever listens at $LAB/jI/docker.sock.
lab_on() {
  local i=$1
  shift
  nsenter --net="/run/netns/$P$i" -- unshare --uts --mount bash -c '
    hostname "$(cat "$1/hostname")"
    mount --make-rprivate /
    mount -t tmpfs tmpfs /run
    mkdir /run/cgroup
    if [ -d /sys/fs/cgroup/unified ]; then mount --bind /sys/fs/cgroup/unified /run/cgroup; else mount --rbind /sys/fs/cgroup /run/cgroup; fi
    # The /sys of another network shows its interfaces.
    mount -t sysfs sysfs /sys
    mount --rbind /run/cgroup /sys/fs/cgroup
    ln -s "$1/docker.sock" /run/docker.sock
    [ ! -d /var/log/journal ] || mount -t tmpfs tmpfs /var/log/journal
    shift
    exec "$@"' on "$LAB/j$i" "$@"
}

lab_start() { # lab_start I: and wait until its pid is known, so that nobody takes it for dead and starts a second
  local i=$1
  rm -f "$LAB/j$i/pid"
  # The pid is written where the shell becomes the daemon.
  lab_on "$i" bash -c 'echo $$ >"$1/pid"; exec env -i JACO_CONFIG="$1/jacod.yaml" JACO_LOG=debug PATH="$2" HOME="$1/data" "$3"' \
    start "$LAB/j$i" "$NODEPATH" "$JACOD" </dev/null >>"$LAB/j$i/log" 2>&1 &
  disown
  lab_wait "start of jaco-$i" test -s "$LAB/j$i/pid"
}

lab_wait() { # lab_wait WHAT CMD...: until it succeeds, 30 s at most
  local what=$1 _
  shift
  for _ in $(seq 150); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.2
  done
  echo "lab: not within 30 s: $what" >&2
  return 1
}

lab_gone() { ! kill -0 "$(cat "$LAB/j$1/pid")" 2>/dev/null; }
lab_signal() { kill "-$2" "$(cat "$LAB/j$1/pid")"; } # lab_signal I SIGNAL
lab_end() { # lab_end I SIGNAL: and wait until it is gone
  lab_signal "$1" "$2"
  lab_wait "end of jaco-$1" lab_gone "$1"
}
lab_back() { # lab_back I...: whatever was done to these nodes, they run, are connected and know a leader again
  local i
  for i in "$@"; do
    lab_mend "$i"
    lab_signal "$i" CONT 2>/dev/null || lab_start "$i"
  done
  for i in "$@"; do lab_wait "jaco-$i knows a leader" lab_leads "$i"; done
}
lab_cut() { ip -n "${P}br" link set "${P}v$1" down; } # node I loses its cable
lab_mend() { ip -n "${P}br" link set "${P}v$1" up; }

j() { # j I ARGS...: the jaco command on node I
  local i=$1
  shift
  nsenter --net="/run/netns/$P$i" -- "$JACO" "$@" --socket "$LAB/j$i/jaco.sock"
}
lab_answers() { j "$1" cluster status -o json | grep -q '"leader"'; }
lab_leads() { j "$1" cluster status -o json | grep -q '"leader": ".\+"'; } # it knows a leader
lab_leaderless() { j "$1" cluster status -o json | grep -q '"leader": ""'; }
lab_leader() { j "$1" cluster status -o json | sed -n 's/.*"leader": "[0-9.]*\.\([0-9]*\):.*/\1/p'; }
lab_voters() { [ "$(j "$(lab_leader "$1")" cluster status -o json | grep -c '"voter"')" = "$2" ]; }
# lab_beats N: N nodes have sent a heartbeat, which the second interval brings
lab_beats() { [ "$(grep -ls 'heartbeat: first sample ok' "$LAB"/j*/log | wc -l)" -ge "$1" ]; }

lab_init() { # lab_init I
  j "$1" cluster init --no-systemd-enable >"$LAB/init"
  lab_wait 'a leader' lab_leads "$1"
}
lab_join() { # lab_join I: through node 1
  local token
  token=$(j 1 node issue-join-token | sed -n 's/.*--token=\([0-9a-f]*\).*/\1/p')
  j "$1" node join --peer "$SUBNET.1:7000" --token "$token" --no-systemd-enable
}
lab_cluster() { # lab_cluster N [SPARE]: N joined nodes with their votes and heartbeats, and hosts on which nothing runs yet
  local n=$1 i
  lab_net $((n + ${2:-0}))
  if [ -n "${ENGINES:-}" ]; then
    lab_mesh $((n + ${2:-0}))
    for i in $(seq 1 $((n + ${2:-0}))); do lab_engine "$i"; done
  fi
  for i in $(seq 1 "$n"); do lab_start "$i"; done
  for i in $(seq 1 "$n"); do lab_wait "jaco-$i answers" lab_answers "$i"; done
  lab_init 1
  for i in $(seq 2 "$n"); do lab_join "$i"; done
  lab_wait 'the votes' lab_voters 1 $((n - (n + 1) % 2))
  lab_wait 'heartbeats' lab_beats "$n"
}

# lab_mesh N: where the kernel has no WireGuard, an interface jaco0 on each of N hosts (a veth, on a switch of its own), which
# jacod gives its address; the hosts answer for each other's.
lab_mesh() {
  local i
  ip -n "${P}br" link add br1 type bridge
  ip -n "${P}br" link set br1 up
  for i in $(seq 1 "$1"); do
    ip link add "${P}m$i" netns "${P}br" type veth peer name jaco0 netns "$P$i"
    ip -n "${P}br" link set "${P}m$i" master br1 up
    nsenter --net="/run/netns/$P$i" sysctl -qw net.ipv4.conf.jaco0.proxy_arp=1 net.ipv4.neigh.jaco0.proxy_delay=0
    ip -n "$P$i" link set jaco0 up
  done
}
lab_engine() { # lab_engine I: a real Docker engine for node I with the image test/busybox:1; a second call starts it again
  local home=$LAB/j$1/engine
  bash "$ENGINES" start "$home" "$P$1"
  [ -d "$home/busybox" ] || bash "$ENGINES" image "$home"
  ln -sf "$home/docker.sock" "$LAB/j$1/docker.sock"
}
d() { # d I ARGS...: the docker command on node I
  local i=$1
  shift
  docker -H "unix://$LAB/j$i/docker.sock" "$@"
}
lab_engine_signal() { kill "-$2" "$(cat "$LAB/j$1/engine/engine")"; } # lab_engine_signal I SIGNAL
lab_engine_gone() { ! kill -0 "$(cat "$LAB/j$1/engine/engine")" 2>/dev/null; }
lab_engine_end() { # lab_engine_end I SIGNAL: and wait until it is gone
  lab_engine_signal "$1" "$2"
  lab_wait "end of the engine of jaco-$1" lab_engine_gone "$1"
}
lab_operator() { # lab_operator ARGS...: the jaco command with the operator token that the first node printed
  nsenter --net="/run/netns/${P}1" -- "$JACO" "$@" --server "$SUBNET.1:7000" --ca-cert "$LAB/j1/data/node/ca.crt" \
    --token "$(awk '/operator_token:/{print $2}' "$LAB/init")"
}

lab_down() { # everything of this prefix, whatever state it is in
  local n pid
  if [ -n "${ENGINES:-}" ]; then
    # The daemons first, or they would make the containers anew.
    for n in "$LAB"/j*/pid; do kill -9 "$(cat "$n")" 2>/dev/null; done
    for n in "$LAB"/j*/engine; do bash "$ENGINES" end "$n"; done
  fi
  for n in $(ip netns list | awk '{print $1}' | grep -E "^$P(br|[0-9]+)$"); do
    for pid in $(ip netns pids "$n"); do kill -9 "$pid" 2>/dev/null; done
    ip netns del "$n"
  done
  return 0
}
