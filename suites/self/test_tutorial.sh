#!/usr/bin/env bash
# docs/your-first-adapter.md as a reader goes through it: each block in turn, in an empty folder, against what the page promises.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/here" "$work/blocks"
ln -s "$holdpoint" "$work/bin/holdpoint"
blocks=$PWD/suites/self/page_blocks.py
export PATH=$work/bin:$PATH NO_COLOR=1 COLUMNS=100 HOLDPOINT_FIXTURES=$PWD/fixtures PYTHONDONTWRITEBYTECODE=1

count=$(python3 "$blocks" split docs/your-first-adapter.md "$work/blocks")
check "there are six steps" [ "$(grep -c '^## [1-6]\. ' docs/your-first-adapter.md)" -eq 6 ]
check "with a block for each at least" [ "$count" -ge 6 ]
check "and a promise below each" [ "$(find "$work/blocks" -name '*.txt' | wc -l)" -eq "$count" ]
play() { (cd "$work/here" && bash "$1" </dev/null) 2>&1 | python3 "$blocks" compare "${1%.sh}.txt"; }
for block in "$work/blocks"/*.sh; do
    check "$(grep '^holdpoint' "$block" | tail -1)" play "$block"
done

# What was promised is really looked at.
differs() { printf '%s\n' "$2" | exits 1 python3 "$blocks" compare <(printf '%s\n' "$1"); }
agrees() { printf '%s\n' "$2" | python3 "$blocks" compare <(printf '%s\n' "$1"); }
check "another line is seen" differs 'HEALTHY' 'FAULTY'
check "another exit code is seen" differs 'CONFORMS  exit code 0, 1.00 s' 'CONFORMS  exit code 1, 1.00 s'
check "another verdict is seen" differs 'selected 2 = passed 2' 'selected 2 = failed 2'
check "a line too many is seen" differs 'one' $'one\ntwo'
check "a line too few is seen" differs $'one\n...\ntwo' 'one'
check "what may differ may differ" agrees $'selected 2 = passed 2\n...\nCONFORMS  exit code 0, 1.00 s' \
    $'selected 31 = passed 31\nmore\nCONFORMS  exit code 0, 0.07 s'
tap_end
