#!/bin/bash
# Nodes of a real cluster, one network namespace each, on one bridge. To be sourced; root only.
#   JACOD, JACO  the real programs      LAB     scratch folder, which the caller made
#   P            prefix of all names    SUBNET  first three octets of the nodes' network
#   AUTHORITY    if it is not empty, a certificate authority (pebble) on the switch, from which the nodes order
# Node i: namespace $P$i, host name jaco-$i, address $SUBNET.$i, ports 7000 and 7001, files under $LAB/j$i.
: "${JACOD:?path of jacod}" "${JACO:?path of jaco}" "${LAB:?scratch folder}" "${P:?prefix}" "${SUBNET:?three octets}"
NODEPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

lab_net() { # lab_net N: a bridge and N hosts on it
  local i
  ip netns add "${P}br"
  ip -n "${P}br" link set lo up
  ip -n "${P}br" link add br0 type bridge
  ip -n "${P}br" link set br0 up
  [ -z "${AUTHORITY:-}" ] || lab_authority
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
dns: {forwarders: ["127.0.0.1:5353"]}
Y
  if [ -n "${AUTHORITY:-}" ]; then
    printf 'acme_email: ops@lab.test\nacme_ca: %s\n' "https://$SUBNET.250:14000/dir"
  else
    echo 'acme_enabled: false'
  fi >>"$LAB/j$1/jacod.yaml"
}

# lab_on I CMD...: on node I. Its /run and journal are empty: this machine's systemd and docker are not its own. Its Docker is
# the program that listens at $LAB/jI/docker.sock.
lab_on() {
  local i=$1
  shift
  mkdir -p "$LAB/j$i/journal"
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
    mkdir -p /run/log/journal
    mount --bind "$1/journal" /run/log/journal
    [ ! -d /var/log/journal ] || mount -t tmpfs tmpfs /var/log/journal
    shift
    exec "$@"' on "$LAB/j$i" "$@"
}

lab_start() { # lab_start I: and wait until its pid is known, so that no caller takes it for dead and starts a second
  local i=$1
  rm -f "$LAB/j$i/pid"
  # The pid is written where the shell becomes the daemon.
  lab_on "$i" bash -c 'echo $$ >"$1/pid"; exec env -i JACO_CONFIG="$1/jacod.yaml" JACO_LOG=debug SSL_CERT_FILE="$4" PATH="$2" HOME="$1/data" "$3"' \
    start "$LAB/j$i" "$NODEPATH" "$JACOD" "$LAB/authority/ca.pem" </dev/null >>"$LAB/j$i/log" 2>&1 &
  disown
  lab_wait "start of jaco-$i" test -s "$LAB/j$i/pid"
}

# lab_authority: the authority, at $SUBNET.250, and the DNS that it asks: every name leads to node 1
lab_authority() {
  local w=$LAB/authority
  mkdir -p "$w"
  ip -n "${P}br" addr add "$SUBNET.250/24" dev br0
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$w/key.pem" -out "$w/ca.pem" -days 3650 \
    -subj '/CN=lab' -addext "subjectAltName=IP:$SUBNET.250" 2>/dev/null
  printf '{"pebble": {"listenAddress": "%s:14000", "certificate": "%s", "privateKey": "%s", "httpPort": 80, "tlsPort": 443}}' \
    "$SUBNET.250" "$w/ca.pem" "$w/key.pem" >"$w/pebble.json"
  nsenter --net="/run/netns/${P}br" -- setsid pebble-challtestsrv -defaultIPv4 "$SUBNET.1" -defaultIPv6 '' -dns01 "$SUBNET.250:8053" -http01 '' -https01 '' \
    -tlsalpn01 '' -management "$SUBNET.250:8055" </dev/null >>"$w/dns.log" 2>&1 &
  lab_authority_start
}
lab_authority_start() {
  PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 nsenter --net="/run/netns/${P}br" -- setsid pebble -dnsserver "$SUBNET.250:8053" \
    -config "$LAB/authority/pebble.json" </dev/null >>"$LAB/authority/log" 2>&1 &
  echo $! >"$LAB/authority/pid"
}
lab_authority_end() { kill -9 "$(cat "$LAB/authority/pid")"; }
lab_name() { # lab_name NAME [ADDRESS...]: where the authority finds NAME; without an address it does not exist
  local name=$1 all
  shift
  all=$(printf '"%s",' "$@")
  nsenter --net="/run/netns/${P}br" curl -sf "http://$SUBNET.250:8055/add-a" -d "{\"host\": \"$name\", \"addresses\": [${all%,}]}"
}

lab_leaf() { # lab_leaf I DOMAIN: the certificate that node I serves for it; nothing where it serves none
  nsenter --net="/run/netns/$P$1" -- timeout 5 openssl s_client -connect "$SUBNET.$1:443" -servername "$2" </dev/null 2>/dev/null |
    openssl x509 -noout -subject -issuer -dates 2>/dev/null || true
}

lab_proxy() { nsenter --net="/run/netns/$P$1" -- curl -sf -m 5 http://localhost:2019/config/; } # what the proxy of node I has loaded
lab_get() { # lab_get I DOMAIN: the status of its page on node I, over HTTP
  nsenter --net="/run/netns/$P$1" -- curl -s -m 5 -o /dev/null -w '%{http_code}' -H "Host: $2" "http://$SUBNET.$1/"
}
lab_drop() { # lab_drop I: rules of another program drop what goes to containers
  nsenter --net="/run/netns/$P$1" -- nft -f - <<'N'
table inet site {
  chain out { type filter hook output priority 0; ip daddr 10.244.0.0/16 drop; }
  chain through { type filter hook forward priority 0; ip daddr 10.244.0.0/16 drop; }
}
N
}
lab_undrop() { nsenter --net="/run/netns/$P$1" -- nft delete table inet site 2>/dev/null || true; }

lab_hold() { # lab_hold I PORT [tls]: a foreign program listens there, and answers HTTP or TLS
  local i=$1 port=$2 program=(busybox httpd -f -p "$2" -h "$LAB/held")
  if lab_held "$i" "$port"; then
    echo "lab: port $port of node $i is in use already" >&2
    return 1
  fi
  mkdir -p "$LAB/held"
  if [ "${3:-}" = tls ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$LAB/held.key" -out "$LAB/held.pem" -days 30 \
      -subj /CN=other.example -addext subjectAltName=DNS:other.example 2>/dev/null
    program=(openssl s_server -accept "$port" -key "$LAB/held.key" -cert "$LAB/held.pem" -www -quiet)
  fi
  nsenter --net="/run/netns/$P$i" -- setsid "${program[@]}" </dev/null >/dev/null 2>&1 &
  echo $! >"$LAB/j$i/held-$port"
  lab_wait "a holder of port $port" lab_held "$i" "$port"
}
lab_held() { nsenter --net="/run/netns/$P$1" -- ss -Htln "sport = :$2" | grep -q .; }
lab_release() { kill -9 "$(cat "$LAB/j$1/held-$2")"; } # lab_release I PORT

lab_plain() { # node I answers plain HTTP on port 443
  nsenter --net="/run/netns/$P$1" -- curl -s -m 5 -o /dev/null -H 'Host: shop.test' "http://$SUBNET.$1:443/" &&
    [ -z "$(lab_leaf "$1" shop.test)" ]
}
lab_elsewhere() { # a web server of somebody else, at $SUBNET.251
  ip -n "${P}br" addr add "$SUBNET.251/24" dev br0 2>/dev/null || return 0
  mkdir -p "$LAB/held"
  nsenter --net="/run/netns/${P}br" -- setsid busybox httpd -f -p "$SUBNET.251:80" -h "$LAB/held" </dev/null >/dev/null 2>&1 &
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
lab_older() { [ "$(ps -o etimes= -p "$(cat "$LAB/j$1/pid")")" -gt "$2" ]; } # lab_older I SECONDS: its daemon has been running for longer
lab_signal() { kill "-$2" "$(cat "$LAB/j$1/pid")"; } # lab_signal I SIGNAL
lab_end() { # lab_end I SIGNAL: and wait until it is gone
  lab_signal "$1" "$2"
  lab_wait "end of jaco-$1" lab_gone "$1"
}
lab_back() { # lab_back I...: makes these nodes run, be connected and know a leader again, after any fault
  local i
  for i in "$@"; do
    lab_mend "$i"
    lab_signal "$i" CONT 2>/dev/null || lab_start "$i"
  done
  for i in "$@"; do lab_wait "jaco-$i lists the members" lab_follows "$i"; done
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
lab_follows() { # it knows a leader, and has applied the log that lists the members
  local status
  status=$(j "$1" cluster status -o json)
  grep -q '"leader": ".\+"' <<<"$status" && grep -q '"hostname": ".\+"' <<<"$status"
}
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

# lab_mesh N: where the kernel has no WireGuard, an interface jaco0 on each of N hosts (a veth, on a separate switch), which
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
lab_engine_back() { if lab_engine_gone "$1"; then lab_engine "$1"; fi; } # lab_engine_back I
lab_operator() { # lab_operator ARGS...: the jaco command at the leader, with the operator token that the first node printed
  local i
  i=$(lab_leader 1)
  nsenter --net="/run/netns/$P$i" -- "$JACO" "$@" --server "$SUBNET.$i:7000" --ca-cert "$LAB/j$i/data/node/ca.crt" \
    --token "$(awk '/operator_token:/{print $2}' "$LAB/init")"
}

lab_down() { # removes everything of this prefix, in any state
  local n pid
  if [ -n "${ENGINES:-}" ]; then
    # The daemons first, or they would recreate the containers.
    for n in "$LAB"/j*/pid; do kill -9 "$(cat "$n")" 2>/dev/null; done
    for n in "$LAB"/j*/engine; do bash "$ENGINES" end "$n"; done
  fi
  for n in $(ip netns list | awk '{print $1}' | grep -E "^$P(br|[0-9]+)$"); do
    for pid in $(ip netns pids "$n"); do kill -9 "$pid" 2>/dev/null; done
    ip netns del "$n"
  done
  return 0
}
