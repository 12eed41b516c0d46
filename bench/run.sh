#!/usr/bin/env bash
# Measures what docs/benchmarks.md quotes. Without arguments: our own times, memory and growth (`make bench`).
#   bench/run.sh peers --preset street --seconds 10,60 --threads 2
#   PAIBAN_BENCHMARKS=FOLDER bench/run.sh published --seconds 60
#   bench/run.sh http
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-quick}
[ $# -gt 0 ] && shift
if [ "$mode" = http ]; then exec bench/http.sh "$@"; fi

need() { # need COMMAND DEBIAN-PACKAGE
  command -v "$1" >/dev/null || { echo "bench: $1 is missing: install it (Debian: apt-get install $2) and try again" >&2; exit 1; }
}
need python3 python3
cargo build --locked --quiet --bin paiban

if [ "$mode" != quick ]; then
  venv=target/bench-venv
  if ! cmp -s bench/peers/requirements.txt "$venv/installed.txt"; then
    echo "bench: installing the peers into $venv" >&2
    python3 -m venv "$venv" || { echo "bench: python3 has no venv module: install it (Debian: apt-get install python3-venv)" >&2; exit 1; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r bench/peers/requirements.txt
    cp bench/peers/requirements.txt "$venv/installed.txt"
  fi
  if [ "$mode" = peers ]; then need javac openjdk-17-jdk-headless; fi
fi
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bench exec python3 bench/harness.py "$mode" "$@"
