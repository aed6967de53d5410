#!/usr/bin/env bash
# The example service in Python: its own tests, the doctor, and every case that it declares, by each way to reach it.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
export HOLDPOINT=$holdpoint PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
adapter='stdio:exec /usr/bin/python3 examples/python/adapter.py'

# conforms TARGET FEWEST [OPTION]...: with at least so many cases passed; why others were not carried out is left in $work/lacking.
conforms() {
    local target=$1 fewest=$2 passed
    shift 2
    "$holdpoint" run --fixtures fixtures --report-dir "$work/report" --no-color --target "$target" "$@" >"$work/run" 2>&1 ||
        { tail -60 "$work/run"; return 1; }
    sed -nE 's/^  unsupported [0-9]+: (needs (the capability |2 )?)?([a-z_]+).*/\3/p' "$work/run" | sort -u >"$work/lacking"
    passed=$(sed -nE 's/^selected .*= passed ([0-9]+).*/\1/p' "$work/run")
    [ "${passed:-0}" -ge "$fewest" ] || { echo "only ${passed:-0} passed"; return 1; }
}

# lacks WORD...: what the last run did not support is this and nothing else: capabilities, or how the reason begins.
lacks() { diff <(printf '%s\n' "$@" | sort) "$work/lacking"; }

small_adapter() { [ "$(wc -l <examples/python/adapter.py)" -lt 60 ]; }

on_postgres() {
    conforms "$adapter \"postgres:\$DATABASE\" reference/sql" 450 --filter drift --filter lifecycle --filter roundtrip \
        --filter listing --filter expiry --filter concurrency.schedule --filter durability && lacks flow the
}

if [ "${1:-}" = on-postgres ]; then # beside a server of its own, below
    "$holdpoint" doctor --no-color "$adapter \"postgres:\$DATABASE\" reference/sql" && on_postgres
    exit
fi

check "its own tests" /usr/bin/python3 -m unittest discover -s examples/python/tests -t examples/python
check "the adapter has fewer than 60 lines" small_adapter
check "the doctor finds it healthy" "$holdpoint" doctor --no-color "$adapter"
check "it conforms, in memory" conforms "$adapter" 899
check "it lacks what its README says" lacks database processes webhooks http healthz flow kernel ratelimit
check "it is healthy over HTTP" "$holdpoint" doctor --no-color profile:examples/python/profile.json
check "it conforms over HTTP" conforms profile:examples/python/profile.json 600 --filter http --filter users --filter expiry --filter envelope
check "over HTTP too" lacks endpoints http_flows idempotency openapi
check "it conforms on PostgreSQL" examples/interop/throwaway.py bash suites/self/test_examples_python.sh on-postgres
tap_end
