#include "reference/core/envelope.h"
#include "suites/self/support_flow.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void continues_by_the_contract(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool may;
    } rows[] = {
        {"{}", true},
        {"{'terminated': true}", false},
        {"{'interrupt': {'id': 'i', 'kind': 'timeout'}}", false},
        {"{'interrupt': {'id': 'i', 'kind': 'timeout', 'status': 'expired'}}", true},
        {"{'iteration': 3}", true},
        {"{'iteration': 4}", false},
        {"{'iteration': 0, 'max_iterations': 0}", true},
        {"{'llm_call_count': 9}", true},
        {"{'llm_call_count': 10}", false},
        {"{'max_llm_calls': 0}", false},
        {"{'agent_hop_count': 20}", true},
        {"{'agent_hop_count': 21}", false},
        {"{'agent_hop_count': 22}", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *envelope = flow_decode(rows[i].text);
        if (envelope_can_continue(envelope) != rows[i].may) {
            fail_msg("%s", rows[i].text);
        }
        json_decref(envelope);
    }
}

static void reads_and_changes_fields(void **state) {
    (void)state;
    json_t *envelope =
        flow_decode("{'user_id': 'ann', 'dag_mode': true, 'max_stages': 7, 'errors': [{'a': 1}]}");
    json_t *errors = json_incref(json_object_get(envelope, "errors"));
    assert_string_equal(envelope_text(envelope, "user_id"), "ann");
    assert_null(envelope_text(envelope, "terminal_reason"));
    assert_true(envelope_flag(envelope, "dag_mode"));
    assert_false(envelope_flag(envelope, "terminated"));
    assert_int_equal(envelope_counter(envelope, "max_stages"), 7);
    assert_int_equal(envelope_append(envelope, "errors", json_short("{'b': 2}"), NULL), HP_OK);
    assert_json(json_object_get(envelope, "errors"), "[{'a': 1}, {'b': 2}]");
    assert_json(errors, "[{'a': 1}]"); /* what others hold does not change */
    assert_int_equal(envelope_put(envelope, "max_stages", json_integer(8), NULL), HP_OK);
    assert_int_equal(envelope_counter(envelope, "max_stages"), 8);
    assert_int_equal(envelope_put(envelope, "max_stages", NULL, NULL), HP_INTERNAL);
    assert_int_equal(envelope_append(envelope, "errors", NULL, NULL), HP_INTERNAL);
    json_decref(errors);
    json_decref(envelope);
}

static void ends_a_flow(void **state) {
    (void)state;
    json_t *envelope = flow_decode("{'termination_reason': 'x'}");
    assert_int_equal(envelope_terminate(envelope, "done", NULL, 1000000, NULL), HP_OK);
    assert_true(envelope_flag(envelope, "terminated"));
    assert_string_equal(envelope_text(envelope, "terminal_reason"), "done");
    assert_true(json_is_null(json_object_get(envelope, "termination_reason")));
    assert_string_equal(envelope_text(envelope, "completed_at"), "1970-01-01T00:00:01.000000Z");
    json_decref(envelope);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(continues_by_the_contract),
                                       cmocka_unit_test(reads_and_changes_fields),
                                       cmocka_unit_test(ends_a_flow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
