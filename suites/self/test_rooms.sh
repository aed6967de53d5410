#!/usr/bin/env bash
# scripts/rooms holds on the tree as it is, and names the line of a breach.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R scripts reference harness "$copy"

breach() { # FILE LINE: the line, put first into the file of the copy, is named as a breach of its place
    cp "$copy/$1" "$copy/kept"
    { echo "$2" && cat "$copy/kept"; } >"$copy/$1"
    local output status=0
    output=$("$copy/scripts/rooms") || status=$?
    mv "$copy/kept" "$copy/$1"
    [ "$status" -eq 1 ] && grep -q "^$1:1: " <<<"$output" && return 0
    echo "exit status $status: $output"
    return 1
}

unknown_room() {
    mkdir "$copy/harness/attic"
    local status=0
    "$copy/scripts/rooms" || status=$?
    rmdir "$copy/harness/attic"
    [ "$status" -eq 1 ]
}

check "the tree keeps its arrows" scripts/rooms
check "the reference must not see the harness" breach reference/core/kind.c '#include "harness/case/case.h"'
check "core must not see the store" breach reference/core/kind.c '#include "reference/store/store.h"'
check "the engine must not see the reference's rules" breach harness/case/run.c '#include "reference/core/kind.h"'
check "an adapter must not see the engine" breach harness/adapters/null.c '#include "harness/case/case.h"'
check "libcrypto has one door" breach reference/base/text.c '#include <openssl/evp.h>'
check "a room that the table lacks is a breach" unknown_room
tap_end
