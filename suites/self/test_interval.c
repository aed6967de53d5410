/* The interval test: for each way in which answers can contradict each other, the verdict, the operations that are named
 * and the sentence; and beside each wrong history its twin, which differs in one thing and is right. */
#include "harness/lab/interval.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *history;
    int64_t clock_error_ns;
    const char *lines;  /* of the operations that are named; NULL: it is linearizable */
    const char *reason; /* a part of the sentence */
};

static void check_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct history history;
        struct judgement judgement;
        history_short(&history, rows[i].history);
        interval_check(&history, 0, rows[i].clock_error_ns, &judgement);
        if ((judgement.linearity == VIOLATION) != (rows[i].lines != NULL)) {
            fail_msg("%s: %s", rows[i].history, judgement.reason);
        }
        assert_string_equal(judgement_lines(&judgement), rows[i].lines ? rows[i].lines : "");
        if (!strstr(judgement.reason, rows[i].reason ? rows[i].reason : "") ||
            (!rows[i].lines && judgement.reason[0])) {
            fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].history, judgement.reason, rows[i].reason);
        }
        history_release(&history);
    }
}
#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof(rows)[0])

static void one_wins(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"0 respond ok 0 10; 1 respond conflict 5 20", 0, NULL, NULL},
        {"0 respond ok 0 10; 1 respond ok 5 20", 0, "1 2",
         "the respond of client 0, answered ok at +10 ns, and the respond of client 1, answered ok at +20 "
         "ns, both "
         "ended it"},
        {"0 respond ok 0 10; 1 cancel ok 30 40", 0, "1 2", "both ended it"},
        {"0 cancel ok 0 10; 1 expire ok 30 40", 0, "1 2", "both ended it"},
        {"0 respond conflict 0 10; 1 cancel conflict 5 20", 0, "1", "an end that no call can have brought"},
        {"0 respond conflict 0 10; 1 cancel unknown 5 -", 0, NULL, NULL},
        {"0 respond conflict 0 10; 1 cancel unknown 11 -", 0, "1 2",
         "the respond of client 0, answered conflict at +10 ns, shows that it was no longer pending by +10 "
         "ns, but the "
         "cancel of client 1, whose answer was lost, which alone can have ended it, was only called at +11 "
         "ns"},
        {"0 expire none 0 10", 0, "1", "no call can have brought"},
        {"0 expire conflict 0 10; 1 expire ok 10 12", 0, NULL, NULL},
        {"0 expire conflict 0 10; 1 expire unknown 10 -", 0, NULL, NULL},
    };
    CHECK(rows);
}

static void reads_see_one_story(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"0 respond ok 0 10; 1 get resolved:0 11 20; 2 get pending 10 12", 0, NULL, NULL},
        {"0 respond ok 0 10; 1 get pending 11 20", 0, "1 2",
         "the respond of client 0, answered ok at +10 ns, had ended it by +10 ns, but the get of client 1, "
         "answered "
         "pending at +20 ns, which found it not ended, was only called at +11 ns"},
        {"0 respond ok 5 30; 1 get resolved:0 6 10; 2 get pending 11 20", 0, "2 3",
         "no longer pending by +5 ns"},
        {"0 respond ok 5 30; 1 get resolved:0 6 10; 2 get pending 10 20", 0, NULL, NULL},
        {"1 get resolved:0 0 4; 0 respond ok 5 30", 0, "1 2", "was only called at +5 ns"},
        {"1 get resolved:0 0 5; 0 respond ok 5 30", 0, NULL, NULL},
        {"0 respond ok 0 10; 1 get resolved:1 5 20", 0, "1 2", "tell of different ends"},
        {"0 respond ok 0 10; 1 get cancelled 5 20", 0, "1 2", "tell of different ends"},
        {"0 respond ok 0 10; 1 cancel conflict:expired 5 20", 0, "1 2", "tell of different ends"},
        {"0 respond ok 0 10; 1 cancel conflict:resolved 5 20", 0, NULL, NULL},
        {"0 get cancelled 0 10; 1 get resolved:2 5 20; 2 respond unknown 0 -; 3 cancel unknown 0 -", 0, "1 2",
         "tell of different ends"},
        {"0 get resolved:2 0 10; 1 get resolved:2 5 20; 2 respond unknown 0 -", 0, NULL, NULL},
        {"0 get resolved:1 0 10; 2 respond unknown 0 -", 0, "1", "no call can have brought"},
        {"0 get expired 0 10; 2 cancel unknown 0 -", 0, "1", "no call can have brought"},
        {"0 get expired 0 10; 2 expire unknown 0 -", 0, NULL, NULL},
        {"0 cancel conflict:resolved 0 10; 2 respond unknown 5 -; 3 respond unknown 12 -", 0, NULL, NULL},
        {"0 cancel conflict:resolved 0 10; 1 get resolved:3 20 30; 2 respond unknown 5 -; 3 respond unknown "
         "12 -",
         0, "1 4", "was only called at +12 ns"},
        {"0 get unknown 0 -; 1 list/p unknown 0 -; 2 get pending 3 4", 0, NULL, NULL},
        {"0 get absent 0 10", 0, "1", "was there from the start"},
        {"0 respond not_found 0 10", 0, "1", "was there from the start"},
        {"0 get pending 0 10; 1 get pending 5 6", 0, NULL, NULL},
    };
    CHECK(rows);
}

static void lists_show_what_they_ask_for(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"0 respond ok 0 10; 1 list/p omitted 5 20", 0, NULL, NULL},
        {"0 list/p omitted 0 3; 1 respond ok 4 10", 0, "1 2", "no longer pending by +3 ns"},
        {"0 list/r omitted 0 3; 1 respond ok 4 10", 0, NULL, NULL},
        {"0 respond ok 0 10; 1 list/r omitted 11 20", 0, "1 2",
         "answered omitted at +20 ns, which found it not ended"},
        {"0 respond ok 0 10; 1 list/ce omitted 11 20; 2 list/pr resolved:0 11 20", 0, NULL, NULL},
        {"0 respond ok 0 10; 1 list/pc resolved:0 11 20", 0, "2", "its filter does not ask for"},
        {"0 list/prce omitted 0 10; 1 respond unknown 0 -", 0, "1", "no call can have brought"},
        {"0 list/r pending 0 10", 0, "1", "its filter does not ask for"},
        {"0 create/ann/- ok 0 5; 1 list/p omitted 6 9; 2 get pending 10 20; 3 respond ok 8 30", 0, "1 2 3",
         "left it out, though the create of client 0, answered ok at +5 ns, had created it by +5 ns, and the "
         "get of "
         "client 2"},
        {"0 create/ann/- ok 0 5; 1 list/p omitted 5 9; 2 get pending 10 20; 3 respond ok 10 30", 0, NULL,
         NULL},
        {"0 create/ann/- ok 0 5; 1 list/p omitted 6 10; 2 get pending 10 20; 3 respond ok 10 30", 0, NULL,
         NULL},
        {"0 create/ann/- ok 0 5; 1 list/p omitted 6 9", 0, "1 2",
         "did not find it, was only called at +6 ns"},
        {"0 create/ann/- ok 0 20; 1 respond ok 2 30; 3 list/p omitted 4 6", 0, NULL, NULL},
    };
    CHECK(rows);
}

static void an_interrupt_begins_once(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"0 create/ann/- ok 5 10; 1 get absent 0 4; 2 get absent 10 12; 3 get pending 5 6", 0, "4 3",
         "shows that it was there by +6 ns, but"},
        {"0 create/ann/- ok 5 10; 1 get absent 0 4; 2 get absent 6 12; 3 get pending 5 6", 0, NULL, NULL},
        {"0 create/ann/- ok 5 10; 2 get absent 11 12", 0, "1 2", "had created it by +5 ns"},
        {"1 get pending 0 4; 0 create/ann/- ok 5 10", 0, "1 2",
         "the create of client 0, answered ok at +10 ns, was only"},
        {"1 respond ok 0 4; 0 create/ann/- ok 5 10", 0, "1 2", "had ended it by +4 ns, but the create"},
        {"0 create/ann/- ok 5 10; 1 create/ann/- ok 20 30", 0, "1 2", "an id is given out only once"},
        {"0 create/ann/- unknown 5 -; 1 get absent 20 30; 2 get pending 40 50", 0, NULL, NULL},
        {"0 create/ann/- unknown 5 -; 1 get absent 20 30", 0, NULL, NULL},
        {"0 create/ann/- unknown 5 -; 1 get pending 20 30; 2 get absent 40 50", 0, "2 3", "did not find it"},
        {"0 create/ann/- unknown 5 -; 1 respond not_found 20 30; 1 respond ok 40 50; 2 cancel "
         "conflict:resolved 41 60",
         0, NULL, NULL},
    };
    CHECK(rows);
}

static void strangers_are_refused(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"0 create/ann/- ok 0 5; 1 respond/bob forbidden 6 9; 2 respond/ann ok 10 12; 3 cancel/bob forbidden "
         "13 14",
         0, NULL, NULL},
        {"0 create/ann/- ok 0 5; 1 respond/bob ok 6 9", 0, "2",
         "came from bob and not from the owner ann, and was not refused as forbidden"},
        {"0 create/ann/- ok 0 5; 1 respond/ann ok 6 9; 2 cancel/bob conflict 10 12", 0, "3", "came from bob"},
        {"0 create/ann/- ok 0 5; 1 respond/ann forbidden 6 9", 0, "2", "has the right to"},
        {"0 create/ann/- ok 0 5; 1 respond forbidden 6 9", 0, "2", "has the right to"},
        {"1 respond forbidden 6 9", 0, "1", "has the right to"},
        {"1 respond/ann forbidden 6 9", 0, NULL, NULL},
        {"0 create/ann/- ok 3 5; 1 respond/bob forbidden 0 2", 0, "2 1", "was there by +2 ns"},
        {"0 create/ann/- ok 3 5; 1 respond/bob not_found 0 2", 0, NULL, NULL},
        {"0 create/ann/- ok 0 5; 1 respond/bob unknown 6 -; 2 get resolved:1 10 12", 0, "3",
         "no call can have"},
        {"0 create/ann/- ok 0 5; 1 respond/ann unknown 6 -; 2 get resolved:1 10 12", 0, NULL, NULL},
    };
    CHECK(rows);
}

static void time_ends_what_expires(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"0 create/ann/50 ok 0 5; 1 respond ok 50 60", 0, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 respond ok 51 60", 0, "2",
         "its time to be answered was over at +50 ns, but the respond of client 1, answered ok at +60 ns"},
        {"0 create/ann/50 ok 0 5; 1 respond ok 53 60", 3, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 respond ok 54 60", 3, "2", "over at +53 ns"},
        {"0 create/ann/c50 ok 0 5; 1 respond ok 51 60", 0, NULL, NULL},
        {"0 create/ann/- ok 0 5; 1 respond ok 51 60", 0, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 get expired 40 50", 0, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 get expired 40 49", 0, "2",
         "no longer pending by +49 ns, but it could not expire before +50 ns"},
        {"0 create/ann/50 ok 0 5; 1 get expired 40 47", 3, NULL, NULL},
        {"0 create/ann/c50 ok 0 5; 1 get expired 60 70", 0, "2", "no call can have"},
        {"0 create/ann/- ok 0 5; 1 get expired 60 70", 0, "2", "no call can have"},
        {"0 create/ann/50 ok 0 5; 1 get pending 60 70", 0, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 get expired 60 70; 2 get pending 71 80", 0, "2 3", "found it not ended"},
        {"0 create/ann/50 ok 0 5; 1 expire ok 60 70; 2 expire none 71 80; 3 expire conflict 10 20", 0, NULL,
         NULL},
        {"0 create/ann/50 ok 0 5; 1 expire ok 60 70; 2 expire ok 71 80", 0, "2 3", "not yet expired"},
        {"0 create/ann/50 ok 0 5; 1 expire ok 40 49", 0, "2", "could not expire before"},
        {"0 create/ann/c50 ok 0 5; 1 expire ok 60 70", 0, "2", "never expires"},
        {"0 create/ann/- ok 0 5; 1 expire none 60 70", 0, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 respond ok 20 30; 2 expire ok 60 70", 0, "2 3", "different ends"},
        {"0 create/ann/50 ok 0 5; 1 expire none 51 60; 2 get pending 61 70", 0, "1 2 3", "did not name it"},
        {"0 create/ann/50 ok 0 5; 1 expire none 50 60; 2 get pending 61 70", 0, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 cancel conflict 60 70", 0, NULL, NULL},
        {"0 create/ann/50 ok 0 5; 1 cancel conflict:expired 10 20", 0, "2", "could not expire before"},
        {"0 create/ann/50 ok 0 5; 1 get pending 55 58; 2 respond ok 40 70", 0, "2",
         "time to be answered was over at +50 ns, but the get"},
        {"0 create/ann/50 ok 60 65; 1 respond ok 61 70", 0, "2", "over at -10 ns, but the"},
    };
    CHECK(rows);
}

static void nothing_is_right(void **state) {
    (void)state;
    struct history history = {0};
    struct judgement judgement;
    struct history_key key = {0};
    history.keys = &key;
    interval_check(&history, 0, 0, &judgement);
    assert_int_equal(judgement.linearity, LINEARIZABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_wins),
        cmocka_unit_test(reads_see_one_story),
        cmocka_unit_test(lists_show_what_they_ask_for),
        cmocka_unit_test(an_interrupt_begins_once),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(time_ends_what_expires),
        cmocka_unit_test(nothing_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
