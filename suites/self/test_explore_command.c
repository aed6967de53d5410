/* `holdpoint explore` and `holdpoint replay` as processes: what they print, write and return. */
#include "suites/self/support_commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int set_up(void **state) {
    (void)state;
    /* A build with sanitizers has no fixtures beside it. */
    return commands_begin("explore-XXXXXX") && setenv("HOLDPOINT_FIXTURES", "fixtures", 1) == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

static void nothing_is_found_in_the_reference(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" explore --runs 40 --clients 3 --seed 5 --output \"$S/none\"",
         0,
         {"memory: holdpoint reference, memory store, seed 5, at most 3 clients\n", "40 runs (",
          "seed 5, runs 0 to 39\nfound: nothing\n"}},
        {"test ! -e \"$S/none\"", 0, {NULL}},
        {"\"$H\" explore --runs 3 --first 17 --clients 1",
         0,
         {"at most 1 clients", "seed 1, runs 17 to 19\n"}},
        {"\"$H\" explore --time 1ms", 0, {"found: nothing"}},
        {"\"$H\" explore --runs 2 --target 'stdio:\"$H\" adapter memory'", 0, {"2 runs", "found: nothing"}},
    };
    COMMANDS_CHECK(rows);
}

static void what_is_found_is_written_and_replayed(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" explore --target null:accept-all --output \"$S/found/deep\"",
         1,
         {"run 0: order; ", "  Smaller: 1 client in turn, 1 act, after ", "found: order (1)\n"}},
        {"cat \"$S\"/found/deep/order-s1-r0.json",
         0,
         {"\"concurrency.found.order-s1-r0\"", "\"violations\": []"}},
        {"cat \"$S\"/found/deep/order-s1-r0.history.jsonl", 0, {"\"op\":\"create\""}},
        {"cat \"$S\"/found/deep/order-s1-r0.timeline.html", 0, {"<html"}},
        {"\"$H\" replay --target null:accept-all --report-dir \"$S/r\" \"$S/found/deep/order-s1-r0.json\"",
         1,
         {"1 case", "DOES NOT CONFORM"}},
        {"\"$H\" replay --report-dir \"$S/r\" \"$S\"/found/deep/order-s1-r0.json", 0, {"CONFORMS"}},
        /* Moved among the fixtures it is a case like any other. */
        {"cp -r fixtures \"$S/fixtures\" && cp \"$S\"/found/deep/*.json \"$S/fixtures/cases/concurrency/\" "
         "&& "
         "\"$H\" run --fixtures \"$S/fixtures\" --filter concurrency.found --report-dir \"$S/r\"",
         0,
         {"selected 1 = passed 1"}},
    };
    COMMANDS_CHECK(rows);
}

static void a_replay_says_how_it_is_repeated(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" explore --target null:accept-all --output \"$S/again\" >\"$S/out\"; grep repeat \"$S/out\"",
         0,
         {"replay"}},
        {"\"$H\" replay \"$S/again/order-s1-r0.json\" --target 'stdio:\"$H\" adapter null:accept-all' "
         "--report-dir \"$S/r\"",
         1,
         {"replay ", "/again/order-s1-r0.json --target 'stdio:", "shown     "}},
    };
    COMMANDS_CHECK(rows);
}

static void several_classes_are_found_when_it_goes_on(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" explore --target null:accept-all --runs 6 --keep-going --shrink 0s --output \"$S/more\"",
         1,
         {"6 runs", "found: order ("}},
    };
    COMMANDS_CHECK(rows);
}

static void a_broken_target_is_not_a_finding(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" explore --target null:drop-connection",
         3,
         {"run 0: ", "the connection was dropped", "again    "}},
        {"\"$H\" explore --target 'stdio:false'", 3, {"holdpoint explore: "}},
        {"\"$H\" explore --target 'stdio:\"$H\" adapter null:reject-all' --output \"$S/refused\"",
         1,
         {"run 0: answer; ", "this target refuses everything"}},
    };
    COMMANDS_CHECK(rows);
}

static void wrong_use_is_refused(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" explore --clients 0", 2, {"--clients takes a number from 1 to 64, not \"0\""}},
        {"\"$H\" explore --clients 65", 2, {"--clients takes a number from 1 to 64"}},
        {"\"$H\" explore --time soon", 2, {"a time is a number and s, ms, m or h, \"30s\", not \"soon\""}},
        {"\"$H\" explore --time 5d", 2, {"not \"5d\""}},
        {"\"$H\" explore --time -1s", 2, {"not \"-1s\""}},
        {"\"$H\" explore --shrink ''", 2, {"a time is a number"}},
        {"\"$H\" explore --time 0s", 2, {"--time takes more than 0, not \"0s\""}},
        {"\"$H\" explore --time 0 --runs 1", 2, {"--time takes more than 0"}},
        {"\"$H\" explore --output '' --target null:accept-all --runs 1",
         2,
         {"--output needs a DIR, not an empty text"}},
        {"\"$H\" explore --runs 0", 2, {"--runs takes a number from 1"}},
        {"\"$H\" explore --sed 1", 2, {"did you mean --seed?"}},
        {"\"$H\" explore more", 2, {"more"}},
        {"\"$H\" explore --target memmory", 2, {"memory"}},
        {"\"$H\" explore --help",
         0,
         {"holdpoint explore --target memory --time 2s --clients 8", "--keep-going"}},
        {"\"$H\" replay", 2, {"holdpoint replay"}},
        {"\"$H\" replay --help", 0, {"FILE...", "holdpoint replay reports/explore/order-s1-r17.json"}},
        {"\"$H\" replay \"$S/nowhere.json\"", 2, {"nowhere.json"}},
        {"echo '{\"cases\":[]}' >\"$S/empty.json\"; \"$H\" replay \"$S/empty.json\"", 2, {"empty.json:1: "}},
        {"\"$H\" run file.json", 2, {"file.json"}},
    };
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_the_reference),
        cmocka_unit_test(what_is_found_is_written_and_replayed),
        cmocka_unit_test(a_replay_says_how_it_is_repeated),
        cmocka_unit_test(several_classes_are_found_when_it_goes_on),
        cmocka_unit_test(a_broken_target_is_not_a_finding),
        cmocka_unit_test(wrong_use_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
