#!/usr/bin/env bash
# A whole Debian 13 in a folder of the cache, made once, to run the tests on its QGIS. Called by matrix.sh, as root:
#   tree.sh make TREE CHECKOUT MIRROR    make it by running ./dev on the bare system, as a newcomer would
#   tree.sh run TREE CMD…                run a command in it; /src/main holds the checkout
set -euo pipefail

# inside TREE CMD…: the mounts belong to a namespace of their own and vanish with the command
inside() {
  local tree=$1 names
  shift
  mapfile -t names < <(compgen -e | grep -iE '^(https?|no|ftp)_proxy$|^PIP_(INDEX_URL|EXTRA_INDEX_URL|DEFAULT_TIMEOUT)$' || true)
  local passed=()
  for name in "${names[@]}"; do passed+=("$name=${!name}"); done
  TREE=$tree unshare -m --propagation private bash -euc '
    mount -t proc proc "$TREE/proc"
    mount --rbind /dev "$TREE/dev"
    mount -t tmpfs tmpfs "$TREE/tmp"
    chmod 1777 "$TREE/tmp"
    exec chroot "$TREE" /usr/bin/env -i "$@"' inside \
    HOME=/root USER=root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin PIP_CERT=/run/host-ca.crt "${passed[@]}" "$@"
}

# copy_checkout FROM TREE: what git would commit, without what earlier runs left behind
copy_checkout() {
  git -c safe.directory='*' -C "$1" rev-parse --git-dir >/dev/null
  rm -rf --one-file-system "$2/src"
  mkdir -p "$2/src/main"
  (cd "$1" && git -c safe.directory='*' ls-files -co --exclude-standard -z |
    while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
    tar -c --null -T -) | tar -x --no-same-owner -C "$2/src/main"
  [ ! -d "$1/../shared" ] || cp -rL "$1/../shared" "$2/src/shared"
}

make_tree() {
  local tree=$1 checkout=$2 mirror=$3 making="$1.making"
  rm -rf --one-file-system "$making"
  debootstrap --variant=minbase trixie "$making" "$mirror" >&2
  [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$making/etc/"
  cp /etc/ssl/certs/ca-certificates.crt "$making/run/host-ca.crt"
  copy_checkout "$checkout" "$making"
  inside "$making" /src/main/dev run true
  # Nothing that belongs to this machine is kept: neither the mirror's name nor its certificates
  rm -rf --one-file-system "$making"/etc/apt/sources.list* "$making"/var/lib/apt/lists/* "$making"/var/cache/apt/* \
    "$making/etc/pip.conf" "$making/etc/resolv.conf" "$making/run/host-ca.crt" "$making/src" "$making/root/.cache/pip"
  mv "$making" "$tree"
}

action=$1
shift
case $action in
  make) make_tree "$@" ;;
  copy) copy_checkout "$@" ;;
  run) inside "$@" ;;
esac
