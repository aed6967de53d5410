#!/usr/bin/env bash
# Each golden envelope goes C -> Python -> Go -> Node -> C, and nothing of it is lost or changed; a stop that does so is found.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stops=("exec '$holdpoint' adapter memory" 'exec /usr/bin/python3 examples/python/adapter.py' "exec '$work/go'"
    'exec node examples/node/adapter.js' "exec '$holdpoint' adapter memory")

build_go() { (cd examples/go && GOFLAGS=-mod=mod GOPROXY=off go build -o "$work/go" ./adapter); }

relay() { # COMMAND...
    /usr/bin/python3 suites/self/relay.py suites/self/data/envelopes.json fixtures/cases/envelope/*.json -- "$@"
}

all_whole() {
    relay "${stops[@]}" >"$work/relay" || {
        grep -v '^ok ' "$work/relay"
        return 1
    }
    grep -E '^[0-9]+ envelopes, 5 stops, [0-9]+ relays = [0-9]+ whole \+ 0 lost$' "$work/relay" || return 1
    [ "$(sed -nE 's/^([0-9]+) envelopes.*/\1/p' "$work/relay")" -ge 40 ]
}

# finds SED WORDS: with a stop whose answers are changed so, the relay says that.
finds() {
    local status=0
    relay "${stops[0]}" "'$holdpoint' adapter memory | sed -uE '$1'" >"$work/spoilt" || status=$?
    if [ "$status" -ne 1 ] || ! grep -F "$2" "$work/spoilt"; then
        echo "exit status $status, wanted 1 and: $2"
        grep -v '^ok ' "$work/spoilt"
        return 1
    fi
}

gives_up() { exits 2 relay "${stops[0]}" "$1"; }

check "the adapter in Go is built" build_go
check "every envelope comes through whole, whoever begins" all_whole
check "a changed flag is found" finds 's/"dag_mode":true/"dag_mode":false/' 'full: stop 2, C, changed /dag_mode: expected true, got false'
check "an integer that a double rounds is found" finds 's/9007199254740993/9007199254740992/' \
    'changed /iteration: expected 9007199254740993, got 9007199254740992'
check "a field that is left out is found" finds 's/"metadata":\{\}(,|\})/"x":0\1/' 'new: stop 2, C, changed /metadata: expected {}, got nothing'
check "an unknown field that is dropped is found" finds 's/"schema_version":2,?//' 'changed /schema_version: expected 2, got nothing'
check "a legacy field that stays is found" finds 's/"current_stage":"plan"/&,"clarification_pending":false/' \
    'legacy: stop 2, C, changed /clarification_pending: expected nothing, got false'
check "an interrupt that gains a member is found" finds 's/"kind":"timeout"/&,"status":"pending"/' \
    'go: stop 2, C, changed /interrupt/status: expected nothing, got "pending"'
check "a stop that answers nothing is no success" gives_up true
check "neither is a relay without envelopes" exits 2 /usr/bin/python3 suites/self/relay.py -- "${stops[@]}"
tap_end
