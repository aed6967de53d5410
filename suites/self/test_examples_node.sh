#!/usr/bin/env bash
# The service in Node: its own tests, and the verdict of the doctor and of every case, over stdio and over HTTP.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. suites/self/example.sh
readme=examples/node/README.md

unit_tests() {
    (cd examples/node && node --test 2>&1) >"$work/unit" || {
        grep -A20 '^not ok' "$work/unit"
        return 1
    }
    grep -qE '^# pass [1-9]' "$work/unit" && grep -q '^# skipped 0' "$work/unit"
}

check "the unit tests pass, and none is skipped" unit_tests
check "the adapter has less than 60 lines" stays_short examples/node/adapter.js
check_example stdio 890 $readme 'stdio:exec node examples/node/adapter.js'
check_example http 1250 $readme profile:examples/node/profile.json
tap_end
