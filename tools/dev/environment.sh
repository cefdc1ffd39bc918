# The Python environment: system packages, a cached venv beside them, and this checkout as a plugin.
. "$DEV/system.sh"

PYTHON=/usr/bin/python3   # QGIS's own; another python3 may come first on PATH and has no QGIS

# environment_key: changes with whatever the environment is made from, so that it is then made anew
environment_key() {
  local system
  system=$(distribution)
  { printf "%s\n" "$system" "$(uname -m)" "$($PYTHON -V)"
    cat "$DEV"/requirements-base.txt "$DEV"/requirements-data.txt "$DEV"/requirements-bundled.txt
    [ ! -f "$DEV/requirements-$system.txt" ] || cat "$DEV/requirements-$system.txt"
  } | sha256sum | cut -c 1-12
}

pip_install() { "$VENV/bin/python" -m pip install -q --disable-pip-version-check --no-input "$@" >&2; }

# make_venv: a venv cannot be renamed (its programs hold its path), so a stamp tells a whole one from a broken-off one
make_venv() {
  local system
  system=$(distribution)
  [ ! -f "$VENV/whole" ] || return 0
  say "Preparing the Python environment (once) …"
  rm -rf --one-file-system "$VENV"
  env -u PYTHONHOME -u PYTHONPATH $PYTHON -m venv --system-site-packages "$VENV"
  [ ! -f "$DEV/requirements-$system.txt" ] || pip_install -r "$DEV/requirements-$system.txt"
  pip_install -r "$DEV/requirements-base.txt"
  pip_install --no-deps -r "$DEV/requirements-data.txt" -r "$DEV/requirements-bundled.txt"
  touch "$VENV/whole"
}

# link_checkout: the checkout may have any name; here it is found as the plugin and package restoration_planner
link_checkout() {
  local link="$ROOT/build/plugins/restoration_planner"
  [ "$(readlink "$link" || true)" != ../.. ] || return 0
  mkdir -p "$ROOT/build/plugins"
  ln -sfn ../.. "$link"
}

# make_profile FOLDER: a QGIS profile of the project's own with the plugin switched on
make_profile() {
  local settings="$1/profiles/default/QGIS/QGIS3.ini"
  [ ! -f "$settings" ] || return 0
  mkdir -p "${settings%/*}"
  cp "$DEV/QGIS3.ini" "$settings.new" && mv "$settings.new" "$settings"
}

activate() {
  VENV="$CACHE/environment-$(environment_key)"
  [ -f "$VENV/whole" ] || locked environment make_venv
  link_checkout
  make_profile "$ROOT/build/profile"
  unset PYTHONHOME PYENV_VERSION
  export VIRTUAL_ENV=$VENV PYTHONNOUSERSITE=1
  export PATH="$DEV/bin:$VENV/bin:/usr/bin:/bin:/usr/sbin:/sbin:$PATH"
  export PYTHONPATH="$ROOT/build/plugins:/usr/share/qgis/python/plugins"
  export QGIS_PLUGINPATH="$ROOT/build/plugins" QGIS_CUSTOM_CONFIG_PATH="$ROOT/build/profile"
  export PROJ_DATA=/usr/share/proj QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
  RESTORATION_PLANNER_SITE=$(echo "$VENV"/lib/python3*/site-packages)
  export RESTORATION_PLANNER_SITE
}

prepare() {
  install_system
  activate
}
