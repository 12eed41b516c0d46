#!/usr/bin/env bash
# Builds the program. Naming an example too makes cargo choose the same features of all dependencies as the tests do,
# so that nothing, HiGHS least of all, is compiled once for running and once more for testing.
set -euo pipefail
cd "$(dirname "$0")/.."
exec cargo build --workspace --locked --bin paiban --example bench-bare "$@"
