#!/usr/bin/env bash
# One defect for each chapter, put into the example in Python: the right case fails, and says what its author needs.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
export HOLDPOINT=${HOLDPOINT:-$PWD/build/holdpoint} PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

noticed() { # CHAPTER; only that of databases needs one
    local beside=()
    [ "$1" != drift ] || beside=(examples/interop/throwaway.py)
    "${beside[@]}" examples/defects/defects.py "$1"
}

refuses_what_it_does_not_know() {
    exits 1 examples/defects/defects.py poetry
}

# A defect that nobody would notice must be told, else none of this could fail.
misses_are_told() {
    cp -r examples "$work" && mkdir "$work/reference" && cp -r reference/sql "$work/reference" || return 1
    echo '[{"chapter": "kinds", "file": "adapter.py", "from": "1.0", "to": "1.1", "defect": "none", "case": "kinds.describe", "says": []}]' \
        >"$work/examples/defects/python.json"
    exits 1 "$work/examples/defects/defects.py" >"$work/said" && grep -q 'NOT NOTICED by kinds.describe' "$work/said" &&
        grep -q '^defects 1 = noticed 0 + missed 1$' "$work/said"
}

chapters=$(jq -r '.[].chapter' examples/defects/python.json)
has_chapters() { [ "$(sort -u <<<"$chapters" | wc -l)" -ge 11 ]; }
check "each chapter that the example declares has a defect" has_chapters
for chapter in $chapters; do
    check "$chapter notices" noticed "$chapter"
done
check "an unknown chapter is refused" refuses_what_it_does_not_know
check "a defect that nobody notices is told" misses_are_told
tap_end
