#include "reference/core/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void names_seven_states(void **state) {
    (void)state;
    static const char *const names[] = {"new",     "ready",      "running", "waiting",
                                        "blocked", "terminated", "zombie"};
    enum hp_flow_state found = HP_FLOW_STATE_COUNT;
    assert_int_equal(HP_FLOW_STATE_COUNT, 7);
    for (int i = 0; i < HP_FLOW_STATE_COUNT; i++) {
        assert_string_equal(hp_flow_state_name((enum hp_flow_state)i), names[i]);
        assert_true(hp_flow_state_from_name(names[i], &found));
        assert_int_equal(found, i);
    }
    assert_false(hp_flow_state_from_name("Running", &found));
    assert_int_equal(found, HP_FLOW_ZOMBIE);
}

/* Every pair of states, as a picture: a row for where it is, a column for where it goes. */
static void moves_by_the_table(void **state) {
    (void)state;
    static const char *const picture[] = {
        /* n r R w b t z */
        ".x.....", "..x..x.", ".x.xxx.", ".x...x.", ".x...x.", "......x", ".......",
    };
    for (int from = 0; from < HP_FLOW_STATE_COUNT; from++) {
        for (int to = 0; to < HP_FLOW_STATE_COUNT; to++) {
            assert_int_equal(hp_flow_may_become((enum hp_flow_state)from, (enum hp_flow_state)to),
                             picture[from][to] == 'x');
        }
    }
}

static void a_copy_is_whole(void **state) {
    (void)state;
    char pid[] = "p", envelope[] = "{\"a\":1}", notes[] = "{}";
    const struct hp_flow draft = {.pid = pid,
                                  .state = HP_FLOW_WAITING,
                                  .version = 4,
                                  .interrupt_id = "i",
                                  .envelope = envelope,
                                  .notes = notes};
    struct hp_flow *copy = hp_flow_new(&draft);
    memset(envelope, 'x', sizeof envelope - 1);
    pid[0] = notes[0] = 'x';
    assert_string_equal(copy->pid, "p");
    assert_string_equal(copy->envelope, "{\"a\":1}");
    assert_string_equal(copy->notes, "{}");
    assert_string_equal(copy->interrupt_id, "i");
    assert_int_equal(copy->state, HP_FLOW_WAITING);
    assert_int_equal(copy->version, 4);
    hp_flow_free(copy);
    hp_flow_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_seven_states),
                                       cmocka_unit_test(moves_by_the_table),
                                       cmocka_unit_test(a_copy_is_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
