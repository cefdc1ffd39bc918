# Shared by all commands: words to the user, the cache folder, locks.
# Everything is said on stderr, so that stdout belongs to the command that is run.

CACHE=${RESTORATION_PLANNER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/restoration-planner}
DEV="$ROOT/tools/dev"

say() { printf '%s\n' "$*" >&2; }
fail() { say "dev: $*"; exit 2; }

# as_root CMD…: root runs it, everybody else asks sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "this needs root, and sudo is not installed: $*"
  fi
}

# distribution: debian-12, debian-13, ubuntu-24.04
distribution() { (. /etc/os-release && printf '%s-%s' "${ID:-unknown}" "${VERSION_ID:-rolling}"); }

# locked NAME CMD…: no two checkouts make the same thing at once. Not to be followed by ||: bash would then go on after
# a failure inside CMD. A failure ends the script, and with it the lock.
locked() {
  local name=$1
  shift
  mkdir -p "$CACHE"
  exec 9>"$CACHE/$name.lock"
  flock -n 9 || { say "waiting for another ./dev that prepares the same ($name) …"; flock 9; }
  "$@" 9>&-
  exec 9>&-
}
