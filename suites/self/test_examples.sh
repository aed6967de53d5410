#!/usr/bin/env bash
# Every example of every manual runs as it stands, but for those that speak of a program of the reader's own.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/here" "$work/here/docs"
ln -s "$holdpoint" "$work/bin/holdpoint"
ln -s "$PWD/fixtures" "$work/here/fixtures"
PATH=$work/bin:$PATH

# The runs that the examples of `report` and `diff` speak of.
few() { "$holdpoint" run --filter kinds.create "$@" --report-dir "$work/run" >/dev/null 2>&1 && cp "$work/run/report.ndjson" "$work/here/report.ndjson"; }
past_run() { few "${@:2}" && mkdir -p "$(dirname "$work/here/$1")" && mv "$work/here/report.ndjson" "$work/here/$1"; }
check "there are runs to report on" eval '
    past_run reports/latest/report.ndjson && past_run main/report.ndjson && past_run old.ndjson && past_run new.ndjson &&
    past_run python.ndjson && past_run node.ndjson --target "stdio:holdpoint adapter memory" && past_run go.ndjson --target http &&
    past_run part-1/report.ndjson --shard 1/2 && past_run part-2/report.ndjson --shard 2/2'

examples() { # COMMAND, of one word or two
    # shellcheck disable=SC2086
    "$holdpoint" $1 --help | sed -n '/^Examples:/,$p' | sed -n 's/^  //p'
}

run_example() {
    echo "$1"
    (cd "$work/here" && HOLDPOINT_FIXTURES='' bash -o pipefail -c "$1" </dev/null)
}

# A server runs until it is told to end; its port is the kernel's choice here.
serve_example() {
    local line="${1//:8080/:0}" said='' server
    echo "$line"
    # shellcheck disable=SC2086
    exec 3< <(cd "$work/here" && eval "exec $line" 2>"$work/log" </dev/null)
    server=$!
    read -rt 30 said <&3
    kill -TERM "$server"
    wait "$server" && [[ $said == 'listening on http://127.0.0.1:'* ]]
}

commands=$("$holdpoint" --help | sed -n '/^Commands:/,/^$/p' | sed -nE 's/^  ([a-z-]+) .*/\1/p')
has_commands() { [ "$(wc -w <<<"$commands")" -ge 5 ]; }
check "the commands are found" has_commands
below=$("$holdpoint" drift --help | sed -n '/^What:/,/^$/p' | sed -nE 's/^  ([a-z-]+) .*/drift \1/p')
has_below() { [ "$(wc -l <<<"$below")" -ge 3 ]; }
check "those below drift too" has_below
while read -r command; do
    has_examples() { [ -n "$(examples "$command")" ]; }
    check "$command has examples" has_examples
    while read -r line; do
        case $line in
        *my_adapter.py* | *./mine* | *my_service.json* | *services/ | *' src' | *dbname=flows* | *db.example* | *DATABASE_URL* | *db/migrations* | *config/* | *reports/explore/*) continue ;;
        'holdpoint serve '*) check "$line" serve_example "$line" ;;
        *) check "$line" run_example "$line" ;;
        esac
    done < <(examples "$command")
done < <(printf '%s\n' "$commands" "$below" | grep -v '^drift$')
tap_end
