# System packages: what is missing, and only that, is installed with apt.

# packages NAME: the package names in packages-NAME.txt, where there is such a file
packages() { [ ! -f "$DEV/packages-$1.txt" ] || sed 's/#.*//' "$DEV/packages-$1.txt"; }

missing_packages() {
  local installed
  # dpkg-query fails where one of them is unknown; the others are listed all the same
  installed=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } | sed -n 's/^installed //p')
  printf '%s\n' "$@" | grep -vxF "$installed" || true
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 "$@" >&2; }

install_packages() {
  local missing
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || fail "only systems with apt are supported; please install:" $missing
  say "Installing system packages:" $missing
  apt update
  apt install -y --no-install-recommends $missing
}

install_system() { install_packages $(packages base) $(packages "$(distribution)"); }
