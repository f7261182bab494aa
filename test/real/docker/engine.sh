#!/bin/bash
# A real Docker engine of Debian's docker.io in a separate network, on separate files. Root only.
#   engine.sh start DIR NS    starts it; it answers at DIR/docker.sock, and DIR/engine holds its pid
#   engine.sh image DIR       imports test/busybox:1, one static busybox
#   engine.sh end DIR [NS]    stops it, its containers and their shims, and takes mounts away, and the network if it is named
set -eu

start() {
  local dir=$1 ns=$2
  mkdir -p "$dir"
  ip netns list | grep -qx "$ns\( .*\)\?" || { ip netns add "$ns"; ip -n "$ns" link set lo up; }
  # After a kill both name processes that may linger as zombies, which the engine takes for alive.
  rm -f "$dir/pid" "$dir/exec/containerd/containerd.pid"
  # Not by `ip netns exec`: that mounts another /sys, in which the engine finds no control groups.
  nsenter --net="/run/netns/$ns" setsid dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/pid" \
    -H "unix://$dir/docker.sock" --storage-driver="${DRIVER:-overlay2}" --bip 172.18.0.1/24 --shutdown-timeout 1 \
    </dev/null >>"$dir/log" 2>&1 &
  echo $! >"$dir/engine"
  for _ in $(seq 200); do
    if curl -s -m 1 --unix-socket "$dir/docker.sock" http://d/_ping >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  tail -n 5 "$dir/log" >&2
  return 1
}

image() {
  local root=$1/busybox name
  mkdir -p "$root/bin" "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for name in sh echo cat sleep false true; do ln -sf busybox "$root/bin/$name"; done
  tar -C "$root" -c . | docker -H "unix://$1/docker.sock" import -c 'CMD ["sleep","86400"]' - test/busybox:1 >/dev/null
}

end() {
  local dir=$1 ns=${2:-} pid mount
  if [ -f "$dir/engine" ]; then
    pid=$(cat "$dir/engine")
    kill -CONT "$pid" 2>/dev/null || true
    timeout 20 docker -H "unix://$dir/docker.sock" ps -q 2>/dev/null | xargs -r timeout 20 docker -H "unix://$dir/docker.sock" kill >/dev/null 2>&1 || true
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  fi
  # Its containerd and the shims of its containers, told by the folder they were given.
  ps -eo pid=,args= | awk -v dir="$dir/" 'index($0, dir) && /containerd/ && !/awk/ {print $1}' | xargs -r kill -9 2>/dev/null || true
  sleep 0.2
  awk -v dir="$dir" 'index($2, dir) == 1 {print $2}' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount" 2>/dev/null || true; done
  [ -z "$ns" ] || ip netns del "$ns" 2>/dev/null || true
}

"$@"
