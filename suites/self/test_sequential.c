/* The model, operation by operation: from each phase, what may be answered and where it leads. */
#include "harness/lab/sequential.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { BY = 0 }; /* client 7 is the first name of all histories below */

/* Letters: a absent, p pending, o pending and overdue, l lapsed, r resolved by 7, c cancelled, e expired. */
static struct state state_of(char letter) {
    static const char letters[] = "aplrce";
    struct state state = {
        .phase = PHASE_PENDING, .who = letter == 'r' ? BY : NAME_NONE, .overdue = letter == 'o'};
    const char *at = strchr(letters, letter);
    if (at) {
        state.phase = (enum phase)(at - letters);
    }
    return state;
}

struct row {
    const char *operation; /* by client 7; of an interrupt as the life says */
    const char *from; /* the phases in which it may answer so; it may not in the others of "aplrce" and o */
    const char *into; /* where each of them leads */
};

static void check_rows(const char *creation, const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char text[128];
        struct history history;
        struct life life;
        snprintf(text, sizeof text, "7 get pending 0 1%s%s; %s", creation[0] ? "; " : "", creation,
                 rows[i].operation);
        history_short(&history, text);
        life_init(&life, history.operations, history.count, 0);
        const struct operation *operation = &history.operations[history.count - 1];
        for (const char *phase = creation[0] ? "aoplrce" : "prce"; *phase; phase++) {
            struct state next;
            const char *found = strchr(rows[i].from, *phase);
            bool may = state_step(&life, state_of(*phase), operation, &next);
            if (may != (found != NULL)) {
                fail_msg("%s from %c: %s", rows[i].operation, *phase, may ? "may" : "may not");
            }
            if (may && !state_equals(next, state_of(rows[i].into[found - rows[i].from]))) {
                fail_msg("%s from %c leads to %d", rows[i].operation, *phase, next.phase);
            }
        }
        history_release(&history);
    }
}
#define CHECK(creation, rows) check_rows(creation, rows, sizeof(rows) / sizeof(rows)[0])

static void an_interrupt_that_was_always_there(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"7 respond ok 5 6", "p", "r"},
        {"7 respond/ann ok 5 6", "p", "r"},
        {"7 respond unknown 5 -", "p", "r"},
        {"7 respond conflict 5 6", "rce", "rce"},
        {"7 respond conflict:resolved 5 6", "r", "r"},
        {"7 cancel conflict:expired 5 6", "e", "e"},
        {"7 cancel ok 5 6", "p", "c"},
        {"7 expire ok 5 6", "p", "e"},
        {"7 expire unknown 5 -", "p", "e"},
        {"7 expire conflict 5 6", "rce", "rce"},
        {"7 expire none 5 6", "rce", "rce"},
        {"7 respond forbidden 5 6", "", ""},
        {"7 respond/ann forbidden 5 6", "prce", "prce"},
        {"7 cancel not_found 5 6", "", ""},
        {"7 get absent 5 6", "", ""},
        {"7 get pending 5 6", "p", "p"},
        {"7 get resolved:7 5 6", "r", "r"},
        {"7 get resolved:8 5 6", "", ""},
        {"7 get unknown 5 -", "", ""},
        {"7 list/p omitted 5 6", "rce", "rce"},
        {"7 list/rc omitted 5 6", "pe", "pe"},
        {"7 list/rc cancelled 5 6", "c", "c"},
        {"7 list/r cancelled 5 6", "", ""},
    };
    CHECK("", rows);
}

static void an_interrupt_that_expires(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"7 create/ann/50 ok 5 6", "a", "p"},
        {"7 respond ok 5 6", "p", "r"},
        {"7 respond/ann ok 5 6", "p", "r"},
        {"7 respond/bob ok 5 6", "", ""},
        {"7 respond/bob unknown 5 -", "", ""},
        {"7 respond/bob forbidden 5 6", "oplrce", "oplrce"},
        {"7 respond/ann forbidden 5 6", "", ""},
        {"7 respond/bob conflict 5 6", "", ""},
        {"7 respond/bob not_found 5 6", "a", "a"},
        {"7 cancel/ann conflict 5 6", "lrce", "lrce"},
        {"7 cancel conflict:expired 5 6", "le", "le"},
        {"7 cancel unknown 5 -", "p", "c"},
        {"7 expire ok 5 6", "l", "e"},
        {"7 expire unknown 5 -", "l", "e"},
        {"7 expire none 5 6", "aplrce", "aplrce"},
        {"7 expire conflict 5 6", "aplrce", "aplrce"},
        {"7 get pending 5 6", "op", "op"},
        {"7 get expired 5 6", "le", "le"},
        {"7 get absent 5 6", "a", "a"},
        {"7 list/p omitted 5 6", "alrce", "alrce"},
        {"7 list/pe omitted 5 6", "arc", "arc"},
    };
    CHECK("1 create/ann/50 ok 2 3", rows);
}

static void time_alone_moves_it(void **state) {
    (void)state;
    static const struct {
        char from, due;
        bool lapses;
    } rows[] = {{'p', 'o', true},  {'o', 'o', true},  {'l', 'l', false},
                {'r', 'r', false}, {'c', 'c', false}, {'e', 'e', false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct state next;
        assert_int_equal(state_lapse(state_of(rows[i].from), &next), rows[i].lapses);
        assert_true(!rows[i].lapses || state_equals(next, state_of('l')));
        assert_true(state_equals(state_fall_due(state_of(rows[i].from)), state_of(rows[i].due)));
    }
    struct state next;
    assert_false(state_lapse(state_of('a'), &next));
    /* What is created after its own end is overdue at once. */
    struct state overdue = state_fall_due(state_of('a'));
    assert_true(overdue.overdue);
    struct history history;
    struct life life;
    history_short(&history, "1 create/ann/50 ok 2 3");
    life_init(&life, history.operations, 1, 0);
    assert_true(state_step(&life, overdue, history.operations, &next));
    assert_true(state_equals(next, state_of('o')));
    assert_false(state_equals(next, state_of('p')));
    assert_false(state_equals(state_of('r'), state_of('c')));
    history_release(&history);
}

static void a_life_has_its_times(void **state) {
    (void)state;
    static const struct {
        const char *history;
        int64_t error_ns;
        bool created, expires;
        int64_t from_ns, until_ns;
    } rows[] = {
        {"1 get pending 0 1", 5, false, false, 0, 0},
        {"1 get pending 0 1; 1 create/ann/- ok 2 3", 5, true, false, 0, 0},
        {"1 create/ann/c50 ok 2 3", 5, true, false, 0, 0},
        {"1 create/ann/50 ok 2 3", 0, true, true, 50, 50},
        {"1 create/ann/50 ok 2 3", 60, true, true, -10, 110},
        {"1 create/ann/9223372036854775806 ok 2 3", 60, true, true, INT64_MAX - 61, INT64_MAX - 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct history history;
        struct life life;
        history_short(&history, rows[i].history);
        life_init(&life, history.operations, history.count, rows[i].error_ns);
        assert_int_equal(life.creation != NULL, rows[i].created);
        assert_int_equal(life.expires, rows[i].expires);
        assert_int_equal(life.lapse_from_ns, rows[i].from_ns);
        assert_int_equal(life.answer_until_ns, rows[i].until_ns);
        assert_int_equal(state_start(&life).phase, rows[i].created ? PHASE_ABSENT : PHASE_PENDING);
        history_release(&history);
    }
}

static void what_changed_nothing_is_inert(void **state) {
    (void)state;
    static const struct {
        const char *operation;
        bool inert;
    } rows[] = {{"1 get pending 0 1", true},         {"1 respond conflict 0 1", true},
                {"1 respond/a forbidden 0 1", true}, {"1 cancel not_found 0 1", true},
                {"1 expire none 0 1", true},         {"1 list/p omitted 0 1", true},
                {"1 respond ok 0 1", false},         {"1 cancel unknown 0 -", false},
                {"1 expire ok 0 1", false},          {"1 create/ann/- ok 0 1", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct history history;
        history_short(&history, rows[i].operation);
        assert_int_equal(operation_is_inert(history.operations), rows[i].inert);
        history_release(&history);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interrupt_that_was_always_there),
        cmocka_unit_test(an_interrupt_that_expires),
        cmocka_unit_test(time_alone_moves_it),
        cmocka_unit_test(a_life_has_its_times),
        cmocka_unit_test(what_changed_nothing_is_inert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
