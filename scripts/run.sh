#!/usr/bin/env bash
# Builds, and starts the service on the demo network: PRESET is street, district or city; DATA is the folder of its database.
# Without signing in, for this machine alone; `target/debug/paiban serve` asks people to sign in.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/web.sh
CARGO_PROFILE_DEV_OPT_LEVEL=1 scripts/build.sh
mkdir -p "${DATA:=data}"
exec target/debug/paiban start --open --preset "${PRESET:=district}" --database-url "sqlite:$DATA/$PRESET.db"
