#!/usr/bin/env bash
# `holdpoint mutants`: the whole matrix; a mutant that no case can notice and a case that asserts nothing fail it by name.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ended() { # EXIT-CODE TEXT ARGUMENT...: the command ends so and says so
    local wanted=$1 text=$2
    shift 2
    if ! exits "$wanted" "$holdpoint" mutants "$@" >"$work/out" 2>&1 || ! grep -qF -- "$text" "$work/out"; then
        tail -20 "$work/out" | cut -c 1-200
        return 1
    fi
}
# HOLDPOINT_MATRIX: a folder with a matrix that `make check-mutants` has just made, which saves making it again.
whole() {
    if [ -n "${HOLDPOINT_MATRIX:-}" ]; then
        cp -R "$HOLDPOINT_MATRIX" "$work/whole"
    else
        ended 0 "no false alarm, nothing to mend" --output "$work/whole"
    fi
}
check "each mutant dies by a tied case, each case kills, there is no false alarm" whole
count() { jq "$1" "$work/whole/matrix.json"; }
check "there are ninety mutants at least" [ "$(count '.mutants | length')" -ge 90 ]
check "and every one of them is killed" [ "$(count '[.mutants[] | select(.fate != "killed" or (.tied | length) == 0)] | length')" -eq 0 ]
check "every case that is there can be run and kills" [ "$(count '[.cases[] | select(.kills == 0 and .kills_nothing == null)] | length')" -eq 0 ]
requirements() { # Those that a killing step names, against those that cases name.
    diff <("$holdpoint" list --json | jq -r '.[].requirements[]' | sort -u) \
        <(jq -r '.mutants[] | select(.fate == "killed") | .requirement' "$work/whole/matrix.json" | sort -u)
}
check "every requirement that cases name has a mutant that dies by them" requirements
check "the page has a row for each mutant" \
    [ "$(grep -c '^| `' "$work/whole/matrix.md")" -eq "$(count '.mutants | length')" ]

# A small suite of its own: three cases, with the mutants that a test gives it.
mkdir -p "$work/fixtures/cases/kinds"
cp -R fixtures/schema fixtures/requirements.json fixtures/vocabulary.json "$work/fixtures"
cat >"$work/fixtures/cases/kinds/small.json" <<'JSON'
{"cases": [
  {"id": "kinds.asserts-nothing", "level": "MUST", "title": "A call comes back",
   "steps": [{"op": "describe", "args": {}, "requirement": "REQ-KIND-6"}]},
  {"id": "kinds.asserts", "level": "MUST", "title": "The decisions are three",
   "steps": [{"op": "describe", "args": {}, "expect": {"decisions": {"$length": 3}}, "requirement": "REQ-KIND-6"}]}
]}
JSON
small() { # EXIT-CODE TEXT MUTANTS...: the run ends so and says so
    local wanted=$1 text=$2
    shift 2
    (IFS=,; printf '{"mutants": [%s]}' "$*") >"$work/fixtures/mutants.json"
    ended "$wanted" "$text" --fixtures "$work/fixtures" --output "$work/small.json"
}
mutant() { # ID REQUIREMENT RULES
    printf '{"id": "%s", "requirement": "%s", "findings": [], "where": "adapter", "sentence": "it is as it was", "suffers": "nobody does", "fault": %s}' "$@"
}
fourth=$(mutant has-a-fourth REQ-KIND-6 '[{"on": "describe", "after": [{"push": "/result/decisions", "to": "defer"}]}]')
refuses=$(mutant refuses-it REQ-KIND-6 '[{"on": "describe", "before": [{"refuse": {"name": "internal"}}]}]')
silent=$(mutant changes-nothing REQ-KIND-6 '[{"on": "describe", "after": [{"set": "/nobody/looks", "to": 1}]}]')
untied=$(mutant breaks-another REQ-KIND-1 '[{"on": "describe", "after": [{"push": "/result/decisions", "to": "defer"}]}]')
nowhere=$(mutant breaks-nothing REQ-NONE-1 '[{"on": "describe", "after": [{"remove": "/result/kinds"}]}]')
check "a mutant that no case can notice fails the run by its name" \
    small 1 "the mutant changes-nothing survives" "$fourth" "$refuses" "$silent"
check "a case that asserts nothing fails the run by its name" \
    small 1 "kinds.asserts-nothing kills nothing: no mutant makes it fail" "$fourth"
check "with a mutant that it notices all is well" small 0 "no false alarm, nothing to mend" "$fourth" "$refuses"
check "a mutant of what no selected case names is out of reach" small 0 "1 out of reach" "$fourth" "$refuses" "$untied"
check "a mutant of no requirement is told" small 1 "breaks REQ-NONE-1, which is no requirement" "$fourth" "$refuses" "$nowhere"
excuse() {
    sed -i 's/"id": "kinds.asserts-nothing",/& "kills_nothing": "It is here for the show, and for nothing else.",/' \
        "$work/fixtures/cases/kinds/small.json"
}
excuse
check "a case that says why may kill nothing" small 0 "1 say why they kill none" "$fourth"
check "but not when it kills" small 1 "kinds.asserts-nothing says that it kills nothing, but kills 1 mutants" "$fourth" "$refuses"
check "the report is one file by its name" [ "$(jq '.mutants | length' "$work/small.json")" -eq 2 ]

said() { # EXIT-CODE TEXT ARGUMENT...
    ended "$@" --output "$work/said"
}
check "a target of another kind has the mutants of the adapter in front of it" \
    said 0 "no false alarm, nothing to mend" --target "stdio:$holdpoint adapter memory" --filter users.get --mutant 'shows-to-*' --mutant 'loses-events'
check "a target that fails by itself is told" said 1 "false alarm: users.get.owner fails on null:echo" \
    --target null:echo --filter users.get.owner --mutant shows-to-strangers
check "a target that is not there is told" said 1 "without a mutant" --target "stdio:false" --filter users.get.owner --mutant shows-to-strangers
check "a mutant that there is not is told" said 2 "no mutant is left" --mutant nothing-of-the-kind
check "a case that there is not is told" said 2 "no.such" --filter no.such
check "an unknown target is told" said 2 "there is no target" --target memori --filter users.get.owner --mutant shows-to-strangers
check "a second target is wrong use" said 2 "--target can be given once" --target memory --target null:echo --filter users.get.owner
check "the mutants are listed" said 0 "accepts-a-stranger" --list
check "the manual has examples" said 0 "holdpoint mutants --filter users" --help
check "and exit codes" said 0 "Exit codes: 0 the cases bite" --help
one_target() { "$holdpoint" run --no-color --target mutant:accepts-a-stranger --filter users.respond.stranger.another >"$work/one.out" 2>&1; }
check "a mutant is a target as any other" exits 1 one_target
check "and its failure names the requirement" grep -q "REQ-RESPOND-2" "$work/one.out"
tap_end
