#!/bin/bash
# What users of the image "postgres" rely on: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and POSTGRES_INITDB_ARGS for the
# first start, scripts in /docker-entrypoint-initdb.d, arguments for the server, and a server that is ready twice the first time.
set -euo pipefail

if [ $# -eq 0 ] || [ "${1:0:1}" = - ]; then
    set -- postgres "$@"
fi
if [ "$1" != postgres ]; then
    exec "$@"
fi

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /run/postgresql
    chown -R postgres:postgres "$PGDATA" /run/postgresql
    chmod 700 "$PGDATA"
    chmod 2775 /run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

sql() { psql -X -q -v ON_ERROR_STOP=1 --no-password -U "$user" "$@"; }

first_start() {
    if [ -z "${POSTGRES_PASSWORD:-}" ]; then
        echo "error: POSTGRES_PASSWORD is not set" >&2
        exit 1
    fi
    # shellcheck disable=SC2086 # several arguments
    initdb -D "$PGDATA" -U "$user" -E UTF8 --auth-local=trust --auth-host=scram-sha-256 \
        --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    pg_ctl -D "$PGDATA" -o "$(printf '%q ' "${@:2}") -c listen_addresses=''" -w start
    if [ "$database" != postgres ]; then
        sql -d postgres -c "CREATE DATABASE \"${database//\"/\"\"}\""
    fi
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh) bash "$file" ;;
            *.sql) sql -d "$database" -f "$file" ;;
        esac
    done
    pg_ctl -D "$PGDATA" -m fast -w stop
    echo 'PostgreSQL init process complete; ready for start up.'
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    first_start "$@"
fi
# The server's own meaning of SIGTERM is to wait until its clients have left; an engine that stops a container means now.
"$@" &
server=$!
trap 'kill -INT "$server"' TERM
code=0
wait "$server" || code=$?
while kill -0 "$server" 2>/dev/null; do
    code=0
    wait "$server" || code=$?
done
exit "$code"
