#!/usr/bin/env bash
# scripts/rooms and scripts/twins hold on the tree as it is, name the line of a breach, and the file without a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R scripts reference harness "$copy"
mkdir "$copy/suites"
cp -R suites/self "$copy/suites"


says() { # WANTED-STATUS PATTERN SCRIPT: a script of the copy ends so, and a line of it matches
    local output status=0
    output=$("$copy/scripts/$3") || status=$?
    [ "$status" -eq "$1" ] && grep -qE -e "$2" <<<"$output" && return 0
    echo "exit status $status: $output"
    return 1
}

with_line() { # FILE LINE COMMAND...: as the command, while the line stands first in the file of the copy
    local file=$copy/$1 line=$2 status=0
    shift 2
    cp "$file" "$copy/kept"
    { printf '%s\n' "$line" && cat "$copy/kept"; } >"$file"
    "$@" || status=$?
    mv "$copy/kept" "$file"
    return $status
}

breach() { # FILE LINE: the line is named as a breach of its place
    with_line "$1" "$2" says 1 "^$1:1: " rooms
}

allowed() { # FILE LINE: the line is no breach
    with_line "$1" "$2" says 0 '^rooms: ' rooms
}

one_breach() { with_line reference/core/kind.c '#include "harness/case/case.h"' says 1 '^1 breach;' rooms; }
two_breaches() {
    with_line reference/core/kind.c $'#include "harness/case/case.h"\n#include "harness/case/run.h"' \
        says 1 '^2 breaches;' rooms
}

unknown_place() { # FILE: a new file of that name is in no room
    mkdir -p "$(dirname "$copy/$1")"
    : >"$copy/$1"
    local status=0
    says 1 "^$2: the table of scripts/rooms" rooms || status=$?
    rm "$copy/$1"
    rmdir "$copy/harness/attic" 2>/dev/null
    return $status
}

check "the tree keeps its arrows" scripts/rooms
check "the reference must not see the harness" breach reference/core/kind.c '#include "harness/case/case.h"'
check "core must not see the store" breach reference/core/kind.c '#include "reference/store/store.h"'
check "the engine must not see the reference's rules" breach harness/case/run.c '#include "reference/core/kind.h"'
check "an adapter must not see the engine" breach harness/adapters/null.c '#include "harness/case/case.h"'
check "libcrypto has one door" breach reference/base/text.c '#include <openssl/evp.h>'
kind=reference/core/kind.c
check "two blanks hide nothing" breach $kind '#include  "harness/case/case.h"'
check "a blank behind the # hides nothing" breach $kind '# include "harness/case/case.h"'
check "a blank before the # hides nothing" breach $kind '  #	include	"harness/case/case.h"'
check "no blank hides nothing" breach $kind '#include"harness/case/case.h"'
check "angle brackets hide nothing" breach $kind '#include <harness/case/case.h>'
check "the tests are no room of the reference" breach $kind '#include <suites/self/support_bench.h>'
check "a way round by dots is a breach" breach $kind '#include "reference/core/../store/store.h"'
check "a relative path is a breach" breach $kind '#include "../store/store.h"'
check "a relative path in angle brackets is a breach" breach $kind '#include <../holdpoint/harness/case/case.h>'
check "a macro in place of a path is a breach" breach $kind '#include SOMETHING'
check "holdpoint.h must not see the harness" breach reference/holdpoint.h '#include "harness/case/case.h"'
check "main.c must not see the engine" breach harness/main.c '#include "harness/case/case.h"'
check "main.c must not see the reference's rules" breach harness/main.c '#include "reference/core/kind.h"'
check "the regular expressions have one door" breach harness/case/match.c '#include <regex.h>'
check "libmicrohttpd has one door" breach reference/server/site.c '#include <microhttpd.h>'
check "the library must not see the server" breach reference/service/door.c '#include "reference/server/server.h"'
check "the server must not see the harness" breach reference/server/api.c '#include "harness/base/schema.h"'
check "one command sees the server" allowed harness/commands/serve.c '#include "reference/service/service.h"'
check "other commands do not" breach harness/commands/judge.c '#include "reference/server/server.h"'
check "the store knows no JSON" breach reference/store/memory.c '#include <jansson.h>'
check "the store knows no JSON by others either" breach reference/store/memory.c '#include "reference/core/json.h"'
check "the base knows no JSON but in its reader" breach reference/base/text.h '# include <jansson.h>'
check "quotes hide no library" breach reference/base/text.h '#include "jansson.h"'
check "headers of the system are nobody's breach" allowed $kind '#include <string.h>'
check "the harness may hold JSON values" allowed harness/report/diff.c '#include <jansson.h>'
check "the adapter in process sees the whole reference" \
    allowed harness/adapters/in_process.c '#include "reference/store/store.h"'
check "one breach is one" one_breach
check "two breaches are two" two_breaches
check "a room that the table lacks is a breach" unknown_place harness/attic/a.c harness/attic
check "a file beside the rooms that the table lacks is a breach" unknown_place reference/extra.h reference/extra.h

twinless() { # FILE: a new source file is named as one without a test
    : >"$copy/$1"
    local status=0
    says 1 "^$1: $2" twins || status=$?
    rm "$copy/$1"
    return $status
}
moved_test() { # the test of a file is gone
    mv "$copy/suites/self/test_kind.c" "$copy/kept"
    local status=0
    says 1 '^reference/core/kind.c: suites/self/test_kind.c is missing' twins || status=$?
    mv "$copy/kept" "$copy/suites/self/test_kind.c"
    return $status
}
with_row() { # ROW PATTERN: a row more in the table of twins is at fault
    sed "s|^twins='|&\n$1|" "$copy/scripts/twins" >"$copy/scripts/twins-more"
    chmod +x "$copy/scripts/twins-more"
    says 1 "$2" twins-more
}
check "each source file has its test" scripts/twins
check "a source file without a test is named" twinless reference/core/attic.c 'suites/self/test_attic.c is missing'
check "a test serves one file of its name" twinless harness/report/text.c 'suites/self/test_text.c is the test of'
check "a test that is gone is missed" moved_test
check "a row for no file is stale" with_row 'reference/core/gone.c test_kind.c why' '^reference/core/gone.c: .* no such file'
check "a row needs a reason" with_row 'reference/core/kind.c test_event.c' '^reference/core/kind.c: .* does not say why'
check "a row needs a test that exists" with_row 'reference/core/kind.c test_none.c why' 'suites/self/test_none.c is missing'
tap_end
