#!/usr/bin/env bash
# An id never changes: what is recorded is there or retired, what is there is recorded.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check "every id is recorded, and none is gone" scripts/ids check

# A copy of the fixtures that one line of shell has changed.
changed() {
    rm -rf "$work/fixtures"
    cp -R fixtures "$work/fixtures"
    (cd "$work/fixtures" && bash -c "$1")
}
says() { # COMMAND-IN-FIXTURES TEXT: the check fails and says so
    changed "$1"
    ! FIXTURES="$work/fixtures" scripts/ids check >"$work/out" || return 1
    grep -qF "$2" "$work/out" || {
        cat "$work/out"
        return 1
    }
}
accepts() {
    changed "$1"
    FIXTURES="$work/fixtures" scripts/ids check
}
rename='sed -i s/users.respond.owner\"/users.respond.by-owner\"/ cases/users/respond.json'
retire='printf %s "{\"retired\": [{\"id\": \"users.respond.owner\", \"reason\": \"It was renamed for the show.\", \"replaced_by\": [\"users.respond.by-owner\"]}]}" >retired.json'
check "an id that is renamed is missed by name" says "$rename" "users.respond.owner: no case has this id any more"
check "and the new one is told to be recorded" says "$rename" 'users.respond.by-owner: this id is new; record it with make ids'
record='echo users.respond.by-owner >>ids.txt; LC_ALL=C sort -o ids.txt ids.txt'
check "a retired id may be gone" accepts "$rename; $retire; $record"
check "a retired id may not come back" says "$retire" "users.respond.owner: $work/fixtures/retired.json says that it is retired"
check "what was never there cannot be retired" says "${retire//users.respond.owner/users.respond.nobody}" \
    "users.respond.nobody: $work/fixtures/retired.json names it, but it was never recorded"
check "a replacement must be there" says "$rename; $record; ${retire//by-owner/by-nobody}" \
    "users.respond.by-nobody: $work/fixtures/retired.json names it as a replacement"
check "a row that goes is missed too" says "sed -i 's/\"wildcard\": {\"user\": \"%\"}/\"sign\": {\"user\": \"%\"}/' cases/users/respond.json" \
    "users.respond.stranger.wildcard: no case has this id any more"
check "ids out of order are told" says 'LC_ALL=C sort -r -o ids.txt ids.txt' 'puts them in order'

adds() {
    changed "$rename"
    FIXTURES="$work/fixtures" scripts/ids add && grep -qx users.respond.by-owner "$work/fixtures/ids.txt" &&
        grep -qx users.respond.owner "$work/fixtures/ids.txt"
}
check "adding records what is new and forgets nothing" adds
tap_end
