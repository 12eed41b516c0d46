#!/usr/bin/env bash
# Builds the web app into web/dist when it is missing or older than its sources; `web.sh test` builds it always, after
# the checks of its packages' licences, its types and its unit tests.
set -euo pipefail
cd "$(dirname "$0")/.."

# The stamp lies beside the packages, so that removing them installs them again.
stamp=web/node_modules/.installed
if [ ! -e "$stamp" ] || [ web/package-lock.json -nt "$stamp" ]; then
  echo "web: installing packages"
  npm ci --prefix web --no-audit --no-fund --loglevel=error
  touch "$stamp"
fi

sources=(web/src web/public web/index.html web/vite.config.ts web/package-lock.json docs/openapi.json)
if [ "${1:-}" = test ]; then
  node web/licences.mjs
  npm --prefix web run --silent build
  npm --prefix web run --silent check
  npm --prefix web run --silent test
elif [ ! -e web/dist/index.html ] || [ -n "$(find "${sources[@]}" -newer web/dist/index.html ! -name schema.d.ts -print -quit)" ]; then
  echo "web: building the app"
  npm --prefix web run --silent build
fi
