#include "reference/core/event.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char id[] = "11111111-2222-4333-8444-555555555555";

static void assert_event(const struct hp_interrupt *interrupt, const char *type) {
    struct hp_event *event = hp_event_new(id, BENCH_NOW_US + 3, interrupt);
    assert_non_null(event);
    assert_string_equal(event->id, id);
    assert_string_equal(event->type, type);
    assert_true(event->timestamp_us == BENCH_NOW_US + 3);
    assert_same_interrupt(event->interrupt, interrupt);
    assert_ptr_not_equal(event->interrupt, interrupt);
    hp_event_free(event);
}

/* Of its creation while pending, else of its status, for every kind. */
static void test_types(void **state) {
    (void)state;
    struct hp_interrupt interrupt = bench_full_interrupt();
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        interrupt.kind = (enum hp_kind)kind;
        interrupt.status = HP_PENDING;
        assert_event(&interrupt, hp_kind_rule((enum hp_kind)kind)->created_event);
        interrupt.status = HP_RESOLVED;
        assert_event(&interrupt, "interrupt.resolved");
        interrupt.status = HP_EXPIRED;
        assert_event(&interrupt, "interrupt.expired");
        interrupt.status = HP_CANCELLED;
        assert_event(&interrupt, "interrupt.cancelled");
    }
    hp_event_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_types)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
