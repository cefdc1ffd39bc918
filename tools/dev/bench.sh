# ./dev bench [ARGS]: how fast the check is; what it is compared with is installed only here
. "$DEV/environment.sh"
. "$DEV/postgres.sh"

# make_bench_packages: geopandas beside the environment, on the numpy, pandas and shapely that are already there
make_bench_packages() {
  [ ! -f "$BENCH_PACKAGES/whole" ] || return 0
  rm -rf --one-file-system "$BENCH_PACKAGES"
  pip_install --no-deps --target "$BENCH_PACKAGES" -r "$DEV/requirements-bench.txt"
  touch "$BENCH_PACKAGES/whole"
}

prepare
install_packages $(packages bench)
BENCH_PACKAGES="$CACHE/bench-$(environment_key)-$(sha256sum <"$DEV/requirements-bench.txt" | cut -c 1-8)"
[ -f "$BENCH_PACKAGES/whole" ] || locked bench make_bench_packages
export PYTHONPATH="$PYTHONPATH:$BENCH_PACKAGES"
trap stop_postgres EXIT
start_postgres || say "Without PostgreSQL and PostGIS: $POSTGRES_LACKS"
python "$ROOT/tools/bench" "$@"
