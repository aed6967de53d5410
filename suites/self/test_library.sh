#!/usr/bin/env bash
# The libraries export the functions of the public headers and nothing else, and a program can be built from what `make install` lays down.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
build=${HOLDPOINT_BUILD:-build}
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

shared_names() { nm --dynamic --defined-only "$build/libholdpoint.so" | awk '{ print $3 }' | sort; }
static_names() { nm --defined-only --extern-only "$build/libholdpoint.a" | awk 'NF == 3 { print $3 }' | sort; }
# Every function that the preprocessed header declares at file scope in a header of ours, marked or not.
declared_names() { # FOLDER-OF-THE-HEADERS INCLUDED
    echo "#include \"$2\"" | cc -std=c17 -D_POSIX_C_SOURCE=200809L -I"$1" -E -x c - | awk -v ours="$1/" '
        /^# [0-9]+ "/ { split($0, part, "\""); inside = index(part[2], ours) == 1; next }
        inside { text = text " " $0 }
        END {
            gsub(/__attribute__ *\(\([a-z_]+\([^()]*\)\)\)/, "", text)
            for (i = 1; i <= length(text); i++) {
                c = substr(text, i, 1)
                depth += (c == "{") - (c == "}")
                if (depth == 0 && c != "}") flat = flat c
            }
            count = split(flat, declarations, ";")
            for (i = 1; i <= count; i++)
                if (match(declarations[i], /[A-Za-z_][A-Za-z_0-9]* *\(/)) {
                    name = substr(declarations[i], RSTART, RLENGTH - 1)
                    sub(/ +$/, "", name)
                    print name
                }
        }' | sort -u
}
only_hp() { ! shared_names | grep -v '^hp_'; }

check "the shared library exports hp_ names only" only_hp
check "the shared library exports the recorded list" diff <(shared_names) suites/self/data/exported.txt
check "the static library shows the recorded list" diff <(static_names) suites/self/data/exported.txt

cat >"$prefix/user.c" <<'PROGRAM'
#include <holdpoint.h>
#include <stdio.h>
/* Names that the library uses inside must be free for its users. */
void text_init(void);
void text_init(void) {}
int main(void) {
    text_init();
    struct hp_clock *clock = hp_clock_new();
    struct hp_ids *ids = hp_ids_random_new();
    struct hp_store *store = hp_store_memory_new(clock, ids);
    struct hp_service *service = hp_service_new(store);
    struct hp_create question = {.kind = HP_CONFIRMATION, .request_id = "r1", .user_id = "ann", .session_id = "s1"};
    struct hp_interrupt *interrupt = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = hp_service_create(service, &question, &interrupt, &problem);
    printf("%s %s\n", hp_status_name(status), hp_interrupt_status_name(interrupt->status));
    hp_interrupt_free(interrupt);
    hp_service_free(service);
    hp_store_free(store);
    hp_ids_free(ids);
    hp_clock_free(clock);
    return status == HP_OK ? 0 : 1;
}
PROGRAM
user_program() { # library argument...
    cc -std=c17 -Wall -Werror -I"$prefix/usr/local/include/holdpoint" -o "$prefix/user" "$prefix/user.c" "$@" \
        -ljansson -lpq -lcurl -lcrypto -lpthread -lm && [ "$(LD_LIBRARY_PATH=$prefix/usr/local/lib "$prefix/user")" = "ok pending" ]
}
check "make install" make --no-print-directory install BUILD="$build" DESTDIR="$prefix"
check "a program builds and runs with the static library" user_program "$prefix/usr/local/lib/libholdpoint.a"
check "a program builds and runs with the shared library" user_program -L"$prefix/usr/local/lib" -lholdpoint

headers=$prefix/usr/local/include/holdpoint
check "the public headers declare what is exported and nothing else" \
    diff <(declared_names "$headers" reference/holdpoint.h) suites/self/data/exported.txt
addresses() { # a program that takes the address of every declared function
    echo '#include <holdpoint.h>'
    echo 'typedef void (*function)(void);'
    echo 'static const function all[] = {'
    declared_names "$headers" reference/holdpoint.h | sed 's/.*/    (function)&,/'
    echo '};'
    echo 'int main(void) { for (unsigned i = 0; i < sizeof all / sizeof *all; i++) if (!all[i]) return 1; return 0; }'
}
addresses >"$prefix/addresses.c"
links() { # library argument...
    cc -std=c17 -I"$headers" -o "$prefix/addresses" "$prefix/addresses.c" "$@" -ljansson -lpq -lcurl -lcrypto -lpthread -lm &&
        LD_LIBRARY_PATH=$prefix/usr/local/lib "$prefix/addresses"
}
check "every declared function is in the static library" links "$prefix/usr/local/lib/libholdpoint.a"
check "every declared function is in the shared library" links -L"$prefix/usr/local/lib" -lholdpoint
private_is_seen() {
    mkdir "$prefix/more"
    printf '%s\n' 'struct a { int (*no)(int); };' 'int text_secret (void);' '__attribute__((visibility("default"))) int hp_x(struct a *a);' \
        >"$prefix/more/private.h"
    [ "$(declared_names "$prefix/more" private.h | tr '\n' ' ')" = "hp_x text_secret " ]
}
check "a declaration without the mark would be seen" private_is_seen

installed_finds_fixtures() { (cd / && "$prefix/usr/local/bin/holdpoint" list --filter kinds >/dev/null); }
check "the installed command finds its fixtures" installed_finds_fixtures
tap_end
