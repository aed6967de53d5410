#!/usr/bin/env bash
# The mutator of our own sources: what it changes and how it counts, and that the sources here give it something to change.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh

for class in Changes Accepted Counts Order; do
    check "$class" env PYTHONDONTWRITEBYTECODE=1 python3 suites/mutation/self/test_mutation.py "$class"
done

lists() { # FILE CHANGE: the mutant is among those of the file
    suites/mutation/source-mutants --list --only "$1" | grep -qE "^$1:[0-9]+:[0-9]+ $2\$"
}
check "a condition of the rules" lists reference/core/interrupt.c '< to <='
check "an early return of the engine" lists harness/case/judge.c 'if \(.*\) to if \(false\)'

same_sample() {
    diff <(suites/mutation/source-mutants --list --sample 50 --seed 7) <(suites/mutation/source-mutants --list --sample 50 --seed 7)
}
another_sample() {
    ! diff -q <(suites/mutation/source-mutants --list --sample 50 --seed 7) <(suites/mutation/source-mutants --list --sample 50 --seed 8)
}
check "a seed gives the same sample again" same_sample
check "another seed gives another" another_sample
tap_end
