#!/usr/bin/env bash
# What PostgreSQL does with single-row durable inserts from 64 clients: a private cluster in a temporary directory, with its
# defaults (fsync and synchronous_commit on), rows of 32-byte key and 250 bytes. Prints the inserts a second; ends with 3
# where no server is installed.
set -euo pipefail
export LC_ALL=C
SECONDS_EACH=${SECONDS_EACH:-10}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$bin" ] && [ -x "$bin/initdb" ] && [ -x "$bin/pgbench" ] || { echo "postgres: no server is installed" >&2; exit 3; }

# The server refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || { echo "postgres: there is no unprivileged user to run it" >&2; exit 3; }
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
home=$(mktemp -d)
chmod 755 "$home"
[ ${#as[@]} -eq 0 ] || chown postgres "$home"
cd "$home"
finish() {
    "${as[@]}" "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$home"
}
trap finish EXIT
"${as[@]}" "$bin/initdb" -D "$home/data" -A trust -U bench >"$home/initdb.log" 2>&1 || { echo "postgres: initdb failed" >&2; exit 3; }
"${as[@]}" "$bin/pg_ctl" -D "$home/data" -w -l "$home/server.log" \
    -o "-k $home -h '' -c max_connections=100" start >/dev/null 2>&1 || { echo "postgres: the server does not start" >&2; exit 3; }
"${as[@]}" "$bin/psql" -q -h "$home" -U bench -d postgres -c 'create table record (key bytea primary key, value bytea not null)'
cat >"$home/insert.sql" <<'SQL'
insert into record values (decode(md5(random()::text) || md5(random()::text), 'hex'), decode(repeat('5a', 250), 'hex'));
SQL
"${as[@]}" "$bin/pgbench" -n -h "$home" -U bench -c 64 -j 1 -T "$SECONDS_EACH" -f "$home/insert.sql" postgres 2>/dev/null |
    sed -n 's/^tps = \([0-9.]*\).*/\1/p' | head -1
