# ./dev desktop [PLAN.gpkg]: the real QGIS Desktop with the plugin, never in the user's own profile
. "$DEV/environment.sh"
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || fail "there is no display; to try without one: xvfb-run -a ./dev desktop"
if [ $# -gt 0 ]; then
  [ -f "$1" ] || fail "there is no file $1"
  RESTORATION_PLANNER_OPEN=$(readlink -f -- "$1")
  export RESTORATION_PLANNER_OPEN   # the plugin opens it once QGIS has started
fi
prepare
case ${RESTORATION_PLANNER_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}} in
  zh*) language=zh-Hans ;;   # QGIS does not know zh_CN
  *) language=en ;;
esac
if [ $language = zh-Hans ]; then export FC_LANG=${FC_LANG:-zh-cn}; fi   # else Noto shows Japanese forms
exec qgis --nologo --noversioncheck --profiles-path "$ROOT/build/profile" --lang "$language"
