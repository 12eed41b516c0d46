#!/usr/bin/env bash
# The architecture invariants that a text search or cargo can prove (docs/architecture.md numbers them).
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
fail() {
  echo "boundaries: $1" >&2
  failed=1
}
# nowhere MESSAGE PATTERN PATH...: the pattern must not occur in the paths (those that exist).
nowhere() {
  local message=$1 pattern=$2
  shift 2
  local hits
  hits=$(git grep -nE "$pattern" -- "$@" || true)
  [ -z "$hits" ] || fail "$message"$'\n'"$hits"
}

for crate in actix-web diesel tokio; do
  if cargo tree --locked -p paiban-solver -i "$crate" >/dev/null 2>&1; then fail "paiban-solver depends on $crate"; fi
done
nowhere "diesel outside src/db" '\bdiesel(_migrations)?::' 'src/*.rs' ':!src/db'
nowhere "HTTP statuses outside src/api/problem.rs" 'StatusCode::' 'src/*.rs' ':!src/api/problem.rs'
nowhere "a change without audit entry: use AppState::change" '\.write\(move' 'src/api/*.rs' ':!src/api/access/guard.rs' ':!src/api/access/session.rs'
nowhere "domain uses other layers" 'crate::(db|api|planning|cli|demo|config)\b|actix|serde_json' src/domain
nowhere "planning or db know HTTP" 'actix|crate::api' src/planning src/db
nowhere "the checker uses the models" 'crate::(model|columns|search|explain|solve)\b' solver/src/check
for pair in sqlite postgresql; do
  ls "migrations/$pair"
done | sort | uniq -c | awk '$1 != 2 {print $2; bad = 1} END {exit bad}' || fail "migration folders differ in names"
exit $failed
