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
declared_names() {
    cc -D_POSIX_C_SOURCE=200809L -I. -E reference/holdpoint.h | tr '\n' ' ' |
        grep -oE 'visibility\("default"\)\)\)[^;{]*;' | grep -oE '\bhp_[a-z_0-9]+ ?\(' | tr -d ' (' | sort -u
}
only_hp() { ! shared_names | grep -v '^hp_'; }

check "the shared library exports hp_ names only" only_hp
check "the shared library exports the recorded list" diff <(shared_names) suites/self/data/exported.txt
check "the static library shows the recorded list" diff <(static_names) suites/self/data/exported.txt
check "every exported function is declared in a public header" diff <(declared_names) suites/self/data/exported.txt

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
    cc -std=c17 -Wall -Werror -I"$prefix/usr/include/holdpoint" -o "$prefix/user" "$prefix/user.c" "$@" \
        -ljansson -lpq -lpthread -lm && [ "$(LD_LIBRARY_PATH=$prefix/usr/lib "$prefix/user")" = "ok pending" ]
}
check "make install" make --no-print-directory install BUILD="$build" PREFIX=/usr DESTDIR="$prefix"
check "a program builds and runs with the static library" user_program "$prefix/usr/lib/libholdpoint.a"
check "a program builds and runs with the shared library" user_program -L"$prefix/usr/lib" -lholdpoint
installed_finds_fixtures() { (cd / && "$prefix/usr/bin/holdpoint" list --filter kinds >/dev/null); }
check "the installed command finds its fixtures" installed_finds_fixtures
tap_end
