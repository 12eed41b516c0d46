#!/usr/bin/env bash
# Measures what docs/benchmarks.md quotes. Without arguments: our own times, memory and growth (`make bench`).
#   bench/run.sh peers --preset street --seconds 10,60 --threads 2
#   PAIBAN_BENCHMARKS=FOLDER bench/run.sh published --seconds 60
#   bench/run.sh http
#   bench/run.sh import
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-quick}
[ $# -gt 0 ] && shift

parts=(build bench)
if [ "$mode" = peers ] || [ "$mode" = published ]; then parts+=(peers); fi
scripts/setup.sh "${parts[@]}"
CARGO_PROFILE_DEV_OPT_LEVEL=1 scripts/build.sh --quiet
if [ "$mode" = peers ] || [ "$mode" = published ]; then
  venv=target/bench-venv
  if ! cmp -s bench/peers/requirements.txt "$venv/installed.txt"; then
    echo "bench: installing the peers into $venv" >&2
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r bench/peers/requirements.txt
    cp bench/peers/requirements.txt "$venv/installed.txt"
  fi
fi
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bench exec python3 bench/harness.py "$mode" "$@"
