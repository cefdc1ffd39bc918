# ./dev matrix [--elsewhere]: the QGIS and Desktop tests on this system's QGIS and on Debian 13's, in one table;
# --elsewhere leaves out this system, where ./dev test has just run them
. "$DEV/environment.sh"
RESULTS="$ROOT/build/matrix"

tree() { as_root bash "$DEV/tree.sh" "$@"; }

tree_key() {
  # a higher recipe number makes everybody's tree anew where tree.sh makes a better one
  { echo trixie, recipe 1; packages base; packages debian-13; cat "$DEV"/requirements-{base,data,bundled}.txt; } | sha256sum | cut -c 1-12
}

# debian_mirror: the one that this system's own apt uses
debian_mirror() {
  apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 -vE 'security|^file:|^cdrom:'
}

make_tree() {
  [ ! -d "$TREE" ] || return 0
  say "Building a Debian 13 beside this system (once, about three minutes) …"
  install_packages debootstrap
  tree make "$TREE" "$ROOT" "$(debian_mirror)"
  for old in "$CACHE"/debian-13-*; do
    [ "$old" = "$TREE" ] || [ ! -d "$old" ] || as_root rm -rf --one-file-system "$old"
  done
}

# test_here and test_in_tree WHERE: run both suites and leave WHERE.json (counts) and WHERE-versions.json
TESTS='cd "$1" && python tools/dev/versions.py >"$2-versions.json" && python tools/dev/suites.py --only qgis,desktop --counts "$2.json"'

test_here() { sh -c "$TESTS" - "$ROOT" "$RESULTS/$1"; }

test_in_tree() {
  echo '{}' >"$RESULTS/$1-versions.json"   # so that a run that breaks off has its line in the table too
  tree copy "$ROOT" "$TREE"
  tree run "$TREE" /src/main/dev run sh -c "$TESTS" - /src/main "/src/$1" || status=$?
  ! ls "$TREE/src/$1"*.json >/dev/null 2>&1 || cp "$TREE/src/$1"*.json "$RESULTS/"
  rm -rf "$ROOT/build/screenshots-$1"
  [ ! -d "$TREE/src/main/build/screenshots" ] || cp -r "$TREE/src/main/build/screenshots" "$ROOT/build/screenshots-$1"
}

prepare
rm -rf "$RESULTS"
mkdir -p "$RESULTS"
status=0
here=$(distribution)
if [ "${1:-}" != --elsewhere ]; then
  say "=== $here"
  test_here "$here" || status=1
fi
if [ "${here%%-*}" = debian ]; then
  TREE="$CACHE/debian-13-$(tree_key)"
  [ -d "$TREE" ] || locked debian-13 make_tree
  say "=== debian-13-tree"
  locked debian-13 test_in_tree debian-13-tree
else
  say "A Debian 13 beside this system can only be built on Debian."
fi
python "$DEV/matrix_table.py" "$RESULTS"
exit $status
