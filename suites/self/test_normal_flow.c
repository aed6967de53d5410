/* What is compared of envelopes and limits; how answers of whole runs are compared is in test_parity.c. */
#include "harness/base/value.h"
#include "harness/case/normal_flow.h"
#include "reference/base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID1 "aaaaaaa1-0000-4000-8000-000000000000"
#define START "2025-12-11T09:30:00.000000Z"

typedef json_t *normaliser(struct normal *normal, const json_t *value);

/* What is left of a value, as text. */
static char *left_of(normaliser *normalise, bool loose, const char *text) {
    struct scope scope = {.run = "run4case"};
    struct normal normal;
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    assert_true(hp_instant_parse(START, strlen(START), &scope.start_us));
    assert_true(normal_init(&normal, &scope, loose));
    json_t *left = normalise(&normal, value);
    char *dump = value_dump(left, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    json_decref(left);
    json_decref(value);
    normal_release(&normal);
    return dump;
}

static const struct {
    normaliser *normalise;
    bool loose;
    const char *value, *wanted;
} rows[] = {
    /* null is absent, what the contract does not name is left out, the rest is what the caller gave */
    {normal_envelope, false,
     "{\"user_id\":\"ann-run4case\",\"terminal_reason\":null,\"quota\":7,\"iteration\":2}",
     "{\"iteration\":2,\"user_id\":\"ann-{run}\"}"},
    {normal_envelope, false, "{\"created_at\":\"2025-12-11T09:30:01.5+00:00\",\"envelope_id\":\"" ID1 "\"}",
     "{\"created_at\":\"{start+1.500000}\",\"envelope_id\":\"{uuid 1}\"}"},
    {normal_envelope, true, "{\"created_at\":\"" START "\",\"completed_at\":7}",
     "{\"completed_at\":7,\"created_at\":\"{instant}\"}"},
    {normal_envelope, false, "{\"interrupt\":{\"id\":\"i\",\"odd\":1,\"question\":null}}",
     "{\"interrupt\":{\"id\":\"i\",\"odd\":1,\"question\":null}}"},
    {normal_envelope, false, "{\"processing_history\":[{\"stage\":\"a\",\"ms\":3}],\"errors\":[{\"e\":1}]}",
     "{\"errors\":[{\"e\":1}],\"processing_history\":[{\"ms\":3,\"stage\":\"a\"}]}"},
    {normal_envelope, false, "\"none\"", "\"none\""},
    /* of a flow that went on, not what a service notes for itself */
    {normal_flow, false,
     "{\"processing_history\":[{\"stage\":\"a\",\"ms\":3},{\"step\":1},7],\"errors\":[{\"e\":1}],"
     "\"completed_stages\":[{}],\"terminal_reason\":\"done\",\"terminated\":true,\"llm_call_count\":3}",
     "{\"processing_history\":[{\"stage\":\"a\"},{\"step\":1},7],\"terminated\":true}"},
    {normal_flow, false, "{\"processing_history\":\"none\",\"metadata\":{\"a\":null}}",
     "{\"metadata\":{\"a\":null},\"processing_history\":\"none\"}"},
    {normal_flow, false,
     "{\"interrupt\":{\"id\":\"" ID1 "\",\"odd\":1,\"created_at\":\"" START "\",\"question\":null}}",
     "{\"interrupt\":{\"created_at\":\"{start+0.000000}\",\"id\":\"{uuid 1}\"}}"},
    {normal_flow, false, "[]", "[]"},
    {normal_amount, false, "60", "60.0"},
    {normal_amount, false, "60.0", "60.0"},
    {normal_amount, false, "\"60\"", "\"60\""},
};

static void what_is_left_of_a_value(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *left = left_of(rows[i].normalise, rows[i].loose, rows[i].value);
        if (!left || strcmp(left, rows[i].wanted) != 0) {
            fail_msg("row %zu, %s: %s", i, rows[i].value, left ? left : "nothing");
        }
        free(left);
    }
}

/* What is left of an answer, as text. */
static char *answer_left(const char *method, const char *result) {
    struct scope scope = {.run = ""};
    struct normal normal;
    struct answer answer = {.kind = ANSWER_RESULT, .result = json_loads(result, 0, NULL)};
    assert_non_null(answer.result);
    assert_true(normal_init(&normal, &scope, false));
    json_t *left = normal_answer(&normal, method, NULL, &answer);
    char *dump = value_dump(json_object_get(left, "result"), JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(left);
    answer_release(&answer);
    normal_release(&normal);
    return dump;
}

static void what_is_left_of_an_answer(void **state) {
    (void)state;
    static const char *const kernel[] = {"kernel.submit", "kernel.interrupt", "kernel.record",
                                         "kernel.resume", "kernel.get",       "kernel.cancel"};
    static const char *const others[][3] = {
        {"envelope.roundtrip", "{\"envelope\":{\"iteration\":1},\"took\":3}",
         "{\"envelope\":{\"iteration\":1}}"},
        {"flow.resume", "{\"envelope\":{\"iteration\":1},\"took\":3}", "{\"envelope\":{}}"},
        {"ratelimit.set", "{\"per_minute\":1}", "{}"},
        {"ratelimit.check",
         "{\"allowed\":true,\"limit_type\":null,\"remaining\":3,\"retry_after_seconds\":0}",
         "{\"allowed\":true}"},
        {"ratelimit.check",
         "{\"allowed\":false,\"limit_type\":\"hour\",\"current_count\":2,\"limit\":2,\"retry_after_seconds\":"
         "1.5,"
         "\"remaining\":0,\"interrupt\":{}}",
         "{\"allowed\":false,\"current_count\":2.0,\"limit\":2.0,\"limit_type\":\"hour\",\"remaining\":0.0,"
         "\"retry_after_seconds\":1.5}"}};
    for (size_t i = 0; i < sizeof kernel / sizeof kernel[0]; i++) {
        char *left = answer_left(
            kernel[i], "{\"pid\":\"p\",\"state\":\"running\",\"usage\":{},\"envelope\":{\"dag_mode\":true}}");
        assert_string_equal(left, "{\"envelope\":{\"dag_mode\":true},\"state\":\"running\"}");
        free(left);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char *left = answer_left(others[i][0], others[i][1]);
        assert_string_equal(left, others[i][2]);
        free(left);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_left_of_a_value),
                                       cmocka_unit_test(what_is_left_of_an_answer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
