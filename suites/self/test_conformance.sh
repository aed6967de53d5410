#!/usr/bin/env bash
# scripts/conformance, which `make conformance` runs: lists that are right and wrong, what it prints, its exit codes.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
export HOLDPOINT=${HOLDPOINT:-$PWD/build/holdpoint} NO_COLOR=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CONFORMANCE_REPORTS=$work/reports

said() { # EXIT-CODE TEXT LINE...: a list of those lines ends so and says so
    local wanted=$1 text=$2
    shift 2
    printf '%s\n' "$@" >"$work/list"
    if ! exits "$wanted" scripts/conformance "$work/list" --filter kinds.create >"$work/out" 2>&1 || ! grep -qF -- "$text" "$work/out"; then
        tail -20 "$work/out" | cut -c 1-200
        return 1
    fi
}
shows() { grep -qE -- "$1" "$work/out"; }

two=('# what is run' '' "first | | touch '$work/built' | memory" "second | suites/self | | stdio:exec $HOLDPOINT adapter memory")
check "targets that conform are 0" said 0 '2 targets in ' "${two[@]}"
check "it is one matrix" shows '^  all +7/7 +7/7$'
check "they are held against each other" shows 'parity of .* with memory holds: 7 cases compared, 0 differ'
check "each has its time and its verdicts" shows '^second +[0-9]+\.[0-9]  passed 7$'
check "what was to be built was" [ -e "$work/built" ]
check "the reports are where they are said to be" [ -s "$work/reports/report.html" ]
check "one that fails is 1" said 1 'failed 7' "${two[@]}" 'third | | | null:reject-all'
check "one that cannot be reached is 3" said 3 'errored 7' "${two[@]}" 'third | | | stdio:exit 1'
check "what is not there is named with its line" said 2 "list:3: third: examples/cobol is not there" \
    'first | | | memory' '' 'third | examples/cobol | make -C examples/cobol | stdio:examples/cobol/adapter'
check "all of it" said 2 "list:2: other: examples/ada is not there" 'one | examples/cobol | | memory' 'other | examples/ada | | memory'
check "what cannot be built is named with what it said" said 3 'third: cannot be built by: echo no compiler; false' \
    'third | | echo no compiler; false | memory'
check "and that is shown" shows '^no compiler$'
check "an unknown target is 2" said 2 'did you mean memory?' 'first | | | memroy'
check "a line of another form is told" said 2 'list:1: a target has four parts' 'first | memory'
check "a line without a name is told" said 2 'list:1: the target has no name' ' | | | memory'
check "an empty list is told" said 2 'it names no target' '# nothing'
check "a list that is not there is told" exits 2 scripts/conformance "$work/nowhere"
check "without a list it says how it is used" exits 2 scripts/conformance

well_formed() { ! grep -vE '^(#.*)?$' examples/targets | grep -vE '^[^|]+\|[^|]*\|[^|]*\|[^|]+$'; }
check "every line of the project's own list has the form" well_formed
eight() { [ "$(grep -cvE '^(#.*)?$' examples/targets)" -ge 8 ]; }
check "and there are eight targets at least" eight
tap_end
