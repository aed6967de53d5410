#include "harness/adapters/deadline.h"
#include "harness/adapters/group.h"
#include "harness/adapters/process.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000 };

/* Waits until the group has so many followers: processes take a moment to start and to end. */
static void assert_followers(pid_t group, size_t wanted) {
    int64_t deadline_us = deadline_after_ms(PATIENCE_MS);
    size_t count = wanted + 1;
    while (count != wanted && deadline_remaining_ms(deadline_us) > 0) {
        assert_true(group_count_followers(group, &count));
        poll(NULL, 0, count == wanted ? 0 : 5);
    }
    assert_int_equal(count, wanted);
}

static void followers_are_counted(void **state) {
    (void)state;
    static const struct {
        const char *command;
        size_t followers;
    } rows[] = {
        {"exec sleep 1000", 0},
        {"sleep 1000 & exec sleep 1000", 1},
        {"sleep 1000 & sleep 1000 & exec sleep 1000", 2},
        {"sleep 1000 & exit 0", 1}, /* their leader has ended */
        {"exit 0", 0},
        {"sh -c 'exit 0' & exec sleep 1000", 0}, /* it has ended and nobody reaps it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct process *process = NULL;
        assert_int_equal(process_start(rows[i].command, &process, NULL), HP_OK);
        assert_followers(process_id(process), rows[i].followers);
        process_end(process, NULL);
    }
}

/* A name with a parenthesis and blanks in it, which reads like that of one who has ended, shifts no field. */
static void a_name_may_hold_anything(void **state) {
    (void)state;
    struct process *process = NULL;
    static const char command[] =
        "sh -c 'printf \"odd) Z 1 1\" >/proc/$$/comm; echo named; kill -STOP $$' & exec sleep 1000";
    assert_int_equal(process_start(command, &process, NULL), HP_OK);
    assert_followers(process_id(process), 1);
    const char *line = "";
    size_t length_bytes;
    int64_t deadline_us = deadline_after_ms(PATIENCE_MS);
    while (process_next_line(process, &line, &length_bytes) != PROCESS_LINE &&
           deadline_remaining_ms(deadline_us) > 0) {
        poll(NULL, 0, 5);
        process_pump(process);
    }
    assert_string_equal(line, "named");
    assert_followers(process_id(process), 1);
    process_end(process, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(followers_are_counted),
                                       cmocka_unit_test(a_name_may_hold_anything)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
