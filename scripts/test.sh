#!/usr/bin/env bash
# Everything CI runs. Stops at the first part that fails; no part is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
part() { printf '\n== %s\n' "$1"; }

part "formatting"
cargo fmt --all --check

part "web app: packages, licences, types, unit tests, build"
scripts/web.sh test

part "licences, bans and sources of dependencies"
target/tools/bin/cargo-deny --locked check --hide-inclusion-graph licenses bans sources

part "crate boundaries"
scripts/boundaries.sh

part "clippy, warnings are errors"
cargo clippy --workspace --all-targets --locked -- -D warnings

part "tests, on SQLite and PostgreSQL"
scripts/with-postgres.sh sh -c "cargo test --workspace --locked && PAIBAN_TEST_API_ON=postgresql cargo test --workspace --locked --test api"

part "web app in Chromium, against the binary"
scripts/build.sh
npm --prefix web run --silent test:browser

part "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet

echo
echo "all parts passed"
