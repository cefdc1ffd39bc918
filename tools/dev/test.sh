# ./dev test [ARGS]: everything that must hold; with ARGS only pytest, which gets them
. "$DEV/environment.sh"
prepare
cd "$ROOT"
exec python "$DEV/suites.py" "$@"
