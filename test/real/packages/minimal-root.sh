#!/bin/bash
# minimal-root.sh DIR: the smallest Debian that debootstrap makes, of the release of this machine, without Node.
set -eu
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
debootstrap --variant=minbase "$release" "$1" "$mirror" >"$1.log" 2>&1 || { tail -n 20 "$1.log" >&2; exit 1; }
