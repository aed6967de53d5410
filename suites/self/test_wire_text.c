#include "reference/core/json.h"
#include "reference/core/wire.h"
#include "reference/core/wire_text.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The text is that of the tree, byte for byte. */
static void assert_same(const struct hp_interrupt *interrupt) {
    struct text text = {0};
    json_t *value = interrupt_encode(interrupt);
    char *wanted = json_to_text(value);
    assert_true(interrupt_write(&text, interrupt));
    assert_string_equal(text.bytes, wanted);
    json_decref(value);
    free(wanted);
    text_release(&text);
}

static void test_like_the_tree(void **state) {
    (void)state;
    struct hp_interrupt interrupt = bench_full_interrupt();
    assert_same(&interrupt);
    for (int decision = HP_DECISION_NONE; decision < HP_DECISION_COUNT; decision++) {
        interrupt.response.decision = (enum hp_decision)decision;
        assert_same(&interrupt);
    }
    for (int approved = HP_APPROVAL_NONE; approved <= HP_DENIED; approved++) {
        interrupt.response.approved = (enum hp_approval)approved;
        assert_same(&interrupt);
    }
    interrupt.response.text = NULL;
    interrupt.response.data = NULL;
    interrupt.question = "\"\\\b\f\n\r\t\x01\x1f\x7f/\xc3\xa9\xf0\x9f\x98\x80";
    interrupt.envelope_id = interrupt.message = interrupt.trace_id = interrupt.span_id = NULL;
    interrupt.data = "{}";
    assert_same(&interrupt);
    interrupt.expires_at_us = HP_INSTANT_NONE;
    interrupt.has_response = false;
    interrupt.resolved_at_us = HP_INSTANT_NONE;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        for (int status = 0; status < HP_INTERRUPT_STATUS_COUNT; status++) {
            interrupt.kind = (enum hp_kind)kind;
            interrupt.status = (enum hp_interrupt_status)status;
            assert_same(&interrupt);
        }
    }
}

static void test_cap(void **state) {
    (void)state;
    const struct hp_interrupt interrupt = bench_full_interrupt();
    struct text text = {.cap_bytes = 200};
    assert_false(interrupt_write(&text, &interrupt));
    text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_like_the_tree), cmocka_unit_test(test_cap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
