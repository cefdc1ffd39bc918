# A PostgreSQL with PostGIS for one run: its own data folder and socket, no port; the system's databases are not touched.
# start_postgres sets PGHOST, PGUSER and PGDATABASE; without PGHOST there is none, and POSTGRES_LACKS says why.

POSTGRES_LACKS=
POSTGRES_FOLDER=

as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

postgis_package() { apt-cache pkgnames postgresql- | grep -E '^postgresql-[0-9]+-postgis-3$' | sort -V | tail -n 1; }

install_postgres() {
  local package
  package=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'postgresql-*-postgis-3' 2>/dev/null | sed -n 's/^installed //p' | tail -n 1)
  if [ -z "$package" ]; then
    if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
      POSTGRES_LACKS="installing it needs root"
      return 1
    fi
    [ -n "$(postgis_package)" ] || apt update
    package=$(postgis_package)
    [ -n "$package" ] || { POSTGRES_LACKS="apt knows no package of PostGIS 3"; return 1; }
    package="${package%-postgis-3} $package"
    install_packages $package || { POSTGRES_LACKS="its installation failed"; return 1; }
  fi
  POSTGRES_BIN=/usr/lib/postgresql/$(printf '%s' "$package" | grep -oE '[0-9]+' | head -n 1)/bin
}

start_postgres() {
  install_postgres || return 1
  POSTGRES_FOLDER=$(mktemp -d)
  chmod 711 "$POSTGRES_FOLDER"
  [ "$(id -u)" != 0 ] || chown postgres "$POSTGRES_FOLDER"
  local data="$POSTGRES_FOLDER/data" log="$POSTGRES_FOLDER/log"
  if ! { as_postgres "$POSTGRES_BIN/initdb" -D "$data" -U bench -A trust -E UTF8 --locale=C.UTF-8 &&
    as_postgres "$POSTGRES_BIN/pg_ctl" -D "$data" -l "$log" -w -o "-c listen_addresses='' -k $POSTGRES_FOLDER" start; } >"$POSTGRES_FOLDER/start" 2>&1
  then
    POSTGRES_LACKS="it did not start: $(tail -n 1 "$POSTGRES_FOLDER/start")"
    return 1
  fi
  if ! { as_postgres "$POSTGRES_BIN/createdb" -h "$POSTGRES_FOLDER" -U bench bench &&
    as_postgres "$POSTGRES_BIN/psql" -q -h "$POSTGRES_FOLDER" -U bench -d bench -c 'CREATE EXTENSION postgis'; } >&2
  then
    POSTGRES_LACKS="PostGIS could not be added to it"
    return 1
  fi
  export PGHOST=$POSTGRES_FOLDER PGUSER=bench PGDATABASE=bench
}

stop_postgres() {
  [ -n "$POSTGRES_FOLDER" ] || return 0
  [ ! -f "$POSTGRES_FOLDER/data/postmaster.pid" ] || as_postgres "$POSTGRES_BIN/pg_ctl" -D "$POSTGRES_FOLDER/data" -m immediate stop >&2
  rm -rf --one-file-system "$POSTGRES_FOLDER"
}
