#!/usr/bin/env bash
# Whole runs of the suite: the same verdicts on every adapter, in every zone and locale, without a reset and among strangers;
# and what the nulls let through.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What a run came to, case by case, without what may differ: durations, and the name of the target.
verdicts() { jq -r 'select(.type == "case") | [.id, .verdict, .reason, .path, .expected, .got] | @tsv' "$1"; }

run_to() { # NDJSON-FILE ARGUMENT...
    local file=$1
    shift
    "$holdpoint" run --no-color --format ndjson --output "$file" "$@" >"$file.out" 2>&1
}

# A run that passes whole, and comes to the same as the first one on memory, case by case.
same_with_races() {
    local file=$work/same.ndjson
    run_to "$file" "$@" || {
        tail -20 "$file.out"
        return 1
    }
    diff <(verdicts "$work/memory.ndjson") <(verdicts "$file")
}

# The same without the races, which take a hundred times as long as the rest and know of no zone or locale.
same_as_memory() {
    local file=$work/same.ndjson
    run_to "$file" --filter '!concurrency' "$@" || {
        tail -20 "$file.out"
        return 1
    }
    diff <(verdicts "$work/memory.ndjson" | grep -v '^concurrency[.]') <(verdicts "$file")
}

check "every case passes on memory" run_to "$work/memory.ndjson" --target memory
count=$(verdicts "$work/memory.ndjson" | wc -l)
elsewhere='needs the capability (database|processes|restart|healthz|http[a-z_]*|idempotency|openapi|problem_json|[a-z_]*_http), which the target does not declare'
enough() {
    [ "$count" -ge 300 ] && [ "$(verdicts "$work/memory.ndjson" | grep -vE "unsupported.$elsewhere" | cut -f2 | sort -u)" = passed ]
}
check "they are at least 300, and all passed but those that look at a database, at another process, or at HTTP" enough
check "the same on the reference over stdio" same_with_races --target "stdio:$holdpoint adapter memory"
over_http() { # the races know of no wire either, and the chapter http is for targets over HTTP alone
    run_to "$work/http.ndjson" --filter '!concurrency' --filter '!durability' --target http:memory || {
        tail -20 "$work/http.ndjson.out"
        return 1
    }
    diff <(verdicts "$work/memory.ndjson" | grep -vE '^(concurrency|durability|http)[.]') \
        <(verdicts "$work/http.ndjson" | grep -v '^http[.]')
}
check "the same over HTTP, and what is of HTTP alone passes" over_http
check "the same on a target that is never reset, among strangers' rows" \
    same_as_memory --target memory --without reset --crowd 100

check "a service whose clock nobody sets fails no case; expiry is waited for" \
    run_to "$work/no-clock.ndjson" --target memory --without clock,reset,instants
waited() { verdicts "$work/no-clock.ndjson" | awk -F '\t' '/^expiry[.]wall-clock/ && $2 == "passed"' | wc -l; }
check "the cases that wait in real time are among what passed" [ "$(waited)" -ge 6 ]

without_zone() { TZ=$1 same_as_memory --target memory; }
check "the same in Kathmandu" without_zone Asia/Kathmandu
check "the same in New York" without_zone America/New_York
mkdir "$work/locale"
localedef -i de_DE -f UTF-8 "$work/locale/de_DE.UTF-8" >/dev/null 2>&1
comma_locale() {
    [ "$(LOCPATH=$work/locale LC_ALL=de_DE.UTF-8 bash -c "printf %.1f 0,5" 2>/dev/null)" = 0,5 ] || {
        echo "the locale with a decimal comma could not be made"
        return 1
    }
    LOCPATH=$work/locale LC_ALL=de_DE.UTF-8 same_as_memory --target memory
}
check "the same in a locale with a decimal comma" comma_locale
another_seed() { same_as_memory --target memory --seed 7; }
check "the same with another seed" another_seed

parity_holds() { # TARGET...: all of them say the same as memory
    local file=$work/parity.ndjson target targets=()
    for target in "$@"; do targets+=(--target "$target"); done
    run_to "$file" --target memory "${targets[@]}" || {
        tail -40 "$file.out"
        return 1
    }
    jq -es --argjson others $# --argjson cases "$(verdicts "$work/memory.ndjson" | awk -F '\t' '$2 == "passed"' | wc -l)" \
        'map(select(.type == "parity")) | length == $others and all(.compared == $cases and .differ == 0)' "$file"
}
check "parity holds on memory, PostgreSQL and stdio" parity_holds postgres "stdio:$holdpoint adapter memory"

# One thing that the contract leaves free, and one that it does not, in a service that passes every case.
differs=suites/self/children/differs.py
compare() { # WAY EXIT ARGUMENT...
    local way=$1 wanted=$2 status=0
    shift 2
    run_to "$work/$way.ndjson" --target memory --target "stdio:python3 $differs $holdpoint $way" --filter lifecycle.id.get \
        --format junit --output "$work/$way.xml" --format markdown --output "$work/$way.md" "$@" || status=$?
    [ "$status" -eq "$wanted" ] || {
        cat "$work/$way.ndjson.out"
        return 1
    }
}
check "what the contract leaves free is no difference" compare allowed 0
agreed() { grep -q 'parity.* holds: ' "$work/allowed.ndjson.out" && ! grep -q '"type":"parity_difference"' "$work/allowed.ndjson"; }
check "and the report says so" agreed
check "what it does not leave free fails a run in which every case passes" compare forbidden 1
every_report() {
    ! verdicts "$work/forbidden.ndjson" | cut -f 2 | grep -qvx passed &&
        grep -q 'parity.* does not hold' "$work/forbidden.ndjson.out" &&
        jq -es 'map(select(.type == "parity_difference")) | length > 0 and all(.path == "/refused/field" and
            .first_value == "nothing" and .value == "\"/id\"")' "$work/forbidden.ndjson" &&
        grep -q '<failure type="parity"' "$work/forbidden.xml" &&
        grep -q '^### Parity: does not hold' "$work/forbidden.md"
}
check "every report tells where" every_report
check "--no-parity does not compare" compare forbidden 0 --no-parity
silent() { ! grep -qiE "parity (of|does|holds)|Parity:|[.]parity\"" "$work/forbidden.ndjson.out" "$work/forbidden.xml" "$work/forbidden.md"; }
check "and says nothing" silent

# A null may pass only what says so: an undeclared pass fails here by its id, and at most 2 % pass at all.
null_is_seen_through() { # NULL EXIT
    local file=$work/null-$1.ndjson status=0
    run_to "$file" --target "null:$1" || status=$?
    [ "$status" -eq "$2" ] || {
        echo "exit status $status, wanted $2"
        return 1
    }
    local passed
    passed=$(verdicts "$file" | awk -F '\t' '$2 == "passed" { print $1 }')
    [ "$(wc -w <<<"$passed")" -le $((count / 50)) ] || {
        echo "more than 2 % pass: $passed"
        return 1
    }
    local id undeclared=0
    for id in $passed; do
        "$holdpoint" explain "$id" | grep -q "null:$1" || {
            echo "$id passes and does not declare it"
            undeclared=1
        }
    done
    return $undeclared
}
for name in empty accept-all reject-all echo constant; do
    check "null:$name does not conform" null_is_seen_through $name 1
done
check "null:drop-connection breaks the run" null_is_seen_through drop-connection 3

adds_up() { # every file: the tallies of each target sum up to what was selected
    local file
    for file in "$work"/*.ndjson; do
        jq -es 'map(select(.type == "target_end")) | all(([.tally[]] | add) == .selected) and length > 0' "$file" || return 1
    done
}
check "every tally adds up" adds_up

spec_is_current() { diff <("$holdpoint" spec) docs/spec.md; }
check "docs/spec.md is what the requirements and cases say (make spec)" spec_is_current
check "every requirement has its cases" "$holdpoint" spec --check
tap_end
