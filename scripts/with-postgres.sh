#!/bin/sh
# Runs a command with a temporary PostgreSQL server, then removes the server and its data:
#   scripts/with-postgres.sh cargo test
# The command finds the server's URL in PAIBAN_TEST_POSTGRES. Nothing is written outside one temporary directory, and
# the server listens on a socket in it only. PostgreSQL refuses to run as root, so root borrows another user for it.
set -eu

if [ $# -eq 0 ]; then
    echo "usage: $0 COMMAND [ARGUMENT...]" >&2
    exit 2
fi

bin=${PAIBAN_POSTGRES_BIN:-}
if [ -z "$bin" ]; then
    for candidate in /usr/lib/postgresql/*/bin; do
        [ -x "$candidate/initdb" ] && bin=$candidate
    done
fi
if [ -z "$bin" ] && command -v initdb >/dev/null 2>&1; then
    bin=$(dirname "$(command -v initdb)")
fi
if [ ! -x "$bin/initdb" ]; then
    echo "PostgreSQL's server programs were not found: install the package postgresql, or set PAIBAN_POSTGRES_BIN" >&2
    exit 1
fi

# A short path: a socket's path holds at most 107 bytes.
home=$(mktemp -d /tmp/paiban-pg.XXXXXX)
owner=""
if [ "$(id -u)" -eq 0 ]; then
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    chown "$owner" "$home"
fi
chmod 700 "$home"

as_owner() {
    if [ -n "$owner" ]; then
        (cd "$home" && runuser -u "$owner" -- "$@")
    else
        (cd "$home" && "$@")
    fi
}

stop() {
    status=$?
    trap - EXIT INT TERM HUP
    if [ -f "$home/data/postmaster.pid" ]; then
        as_owner "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf "$home"
    exit $status
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# No fsync: the data live as long as this script. C collation and UTF-8 as the tests expect nothing of the locale.
as_owner "$bin/initdb" -D "$home/data" -U paiban --auth=trust --encoding=UTF8 --locale=C >"$home/initdb.log" 2>&1 || {
    cat "$home/initdb.log" >&2
    exit 1
}
as_owner "$bin/pg_ctl" -D "$home/data" -l "$home/data/server.log" -w -t 60 \
    -o "-c listen_addresses='' -c unix_socket_directories='$home' -c fsync=off -c max_connections=200" \
    start >"$home/start.log" 2>&1 || {
    cat "$home/start.log" "$home/data/server.log" >&2
    exit 1
}
if [ -n "$owner" ]; then
    # The tests run as root and reach the socket through this directory.
    chmod 711 "$home"
fi

encoded=$(printf '%s' "$home" | sed 's,/,%2F,g')
PAIBAN_TEST_POSTGRES="postgres://paiban@$encoded/postgres"
export PAIBAN_TEST_POSTGRES
"$@"
