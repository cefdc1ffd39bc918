# ./dev demo [DIR]: the main job on the Benxi plan
. "$DEV/environment.sh"
prepare
exec python "$ROOT/tools/demo" "${1:-$ROOT/build/demo}"
