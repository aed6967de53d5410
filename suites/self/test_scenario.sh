#!/usr/bin/env bash
# The page of the scenario tells what the case does, and what it shows happens.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$holdpoint" explain endtoend.one-flow | sed -n '/^   1  /,/^File/p' | sed '$d' >"$work/told"
sed -n '/^   1  /,/^```/p' docs/scenario.md | sed '$d' >"$work/page"
echo >>"$work/page" # the page has no blank line there

is_long() { [ "$(wc -l <"$work/told")" -ge 100 ]; }
check "the case tells a story" is_long
check "the page tells the same" diff "$work/told" "$work/page"

run() {
    exits 0 "$holdpoint" run --target "$1" --filter endtoend --no-color --trace "$work/trace" --report-dir "$work/reports"
}
check "it happens in process, over a database" run postgres
check "it happens over HTTP" run http:postgres

# What is called, what comes of it and the restart, in order; neither names nor times.
order() { grep -oE '^\{"restart":true|"method":"[a-z_.]+"|^\{"session":[0-9]+,"call":[0-9]+,"(result|refused)"' "$1" | sed -E 's/.*,//'; }
order "$work/trace" | sed 1,2d >"$work/happened" # the reset
order docs/scenario.md >"$work/shown"
is_told() { [ "$(wc -l <"$work/shown")" -ge 40 ] && diff "$work/happened" "$work/shown"; }
check "what is said is what the page shows" is_told

stops() { [ "$(grep -c '"restart":true' "$work/trace")" -eq 1 ]; }
check "there is one restart" stops
memory() { "$holdpoint" run --filter endtoend --no-color --report-dir "$work/reports" | grep "needs the capability restart"; }
check "a target that forgets is not asked" memory
tap_end
