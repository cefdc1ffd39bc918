# ./dev package: the plugin as a zip file for QGIS
. "$DEV/environment.sh"
prepare
exec python "$ROOT/tools/package.py" "$@"
