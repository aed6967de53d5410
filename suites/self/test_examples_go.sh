#!/usr/bin/env bash
# The service in Go: its own tests, and the verdict of the doctor and of every case. Nothing is fetched: it has no dependencies.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. suites/self/example.sh
export GOFLAGS=-mod=mod GOPROXY=off

in_go() { (cd examples/go && "$@"); }

formatted() {
    local files
    files=$(gofmt -l examples/go)
    [ -z "$files" ] || {
        echo "gofmt would change $files"
        return 1
    }
}

unit_tests() {
    in_go go test -race -count=1 -v ./... >"$work/unit" 2>&1 || {
        grep -vE '^(=== RUN|--- PASS)' "$work/unit"
        return 1
    }
    grep -q '^--- PASS' "$work/unit" && ! grep '^ *--- SKIP' "$work/unit"
}

check "it builds" in_go go build -o "$work/adapter" ./adapter
check "vet finds nothing" in_go go vet ./...
check "gofmt would change nothing" formatted
check "the unit tests pass under the race detector, and none is skipped" unit_tests
check "the adapter has less than 60 lines" stays_short examples/go/adapter/main.go
check_example stdio 890 examples/go/README.md "stdio:exec $work/adapter"
tap_end
