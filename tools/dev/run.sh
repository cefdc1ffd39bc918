# ./dev run CMD…: any command in the project's environment
. "$DEV/environment.sh"
[ $# -gt 0 ] || fail "say what to run, for example ./dev run python -m restoration_planner --help"
prepare
exec "$@"
