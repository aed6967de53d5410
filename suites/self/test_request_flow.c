#include "reference/core/request_flow.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void reads_amounts(void **state) {
    (void)state;
    const char *pid = NULL;
    struct quota_amounts amounts;
    json_t *params = json_short("{'pid': 'p', 'llm_calls': 2, 'tool_calls': 3.0, 'agent_hops': null,"
                                "'iterations': 9007199254740993, 'elapsed_seconds': 1.0000015}");
    assert_int_equal(request_read_record(params, &pid, &amounts, NULL), HP_OK);
    assert_string_equal(pid, "p");
    const int64_t wanted[QUOTA_COUNT] = {2, 3, 0, 9007199254740993, 1000002};
    for (int i = 0; i < QUOTA_COUNT; i++) {
        assert_true(amounts.of[i] == wanted[i]);
    }
    json_decref(params);
    params = json_short("{'quota': {'max_llm_calls': 0, 'max_agent_hops': 1e300, 'timeout_seconds': 1e300}}");
    assert_int_equal(request_read_quota(params, &amounts, NULL), HP_OK);
    assert_true(amounts.of[QUOTA_LLM_CALLS] == 0);
    assert_true(amounts.of[QUOTA_TOOL_CALLS] == 50);
    assert_true(amounts.of[QUOTA_AGENT_HOPS] == INT64_MAX);
    assert_true(amounts.of[QUOTA_ELAPSED] == INT64_MAX);
    json_decref(params);
}

static void names_bad_amounts(void **state) {
    (void)state;
    static const struct {
        const char *text, *field;
    } rows[] = {
        {"{'pid': 'p', 'llm_calls': -1}", "/llm_calls"},
        {"{'pid': 'p', 'tool_calls': 0.5}", "/tool_calls"},
        {"{'pid': 'p', 'agent_hops': '1'}", "/agent_hops"},
        {"{'pid': 'p', 'iterations': true}", "/iterations"},
        {"{'pid': 'p', 'elapsed_seconds': -0.1}", "/elapsed_seconds"},
        {"{'llm_calls': 1}", "/pid"},
        {"{'pid': 4}", "/pid"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *pid;
        struct quota_amounts amounts;
        struct hp_problem problem = {0};
        json_t *params = json_short(rows[i].text);
        assert_int_equal(request_read_record(params, &pid, &amounts, &problem), HP_INVALID);
        assert_string_equal(problem.field, rows[i].field);
        json_decref(params);
    }
}

static void reads_a_question(void **state) {
    (void)state;
    const char *pid;
    char *data = NULL;
    struct hp_create create;
    json_t *params =
        json_short("{'pid': 'p', 'kind': 'timeout', 'question': 'q', 'data': {'a': 1}, 'ttl_seconds': null,"
                   "'user_id': 7, 'request_id': 'mine'}");
    assert_int_equal(request_read_raise(params, &pid, &create, &data, NULL), HP_OK);
    assert_int_equal(create.kind, HP_TIMEOUT);
    assert_string_equal(create.question, "q");
    assert_string_equal(create.data, "{\"a\":1}");
    assert_null(create.user_id);
    assert_null(create.request_id);
    assert_true(create.ttl_us == HP_TTL_NEVER);
    free(data);
    json_decref(params);
}

static void reads_an_answer_or_none(void **state) {
    (void)state;
    struct request_resume resume;
    json_t *params = json_short("{'interrupt_id': 'i', 'response': {'text': 't', 'data': {'a': []}}}");
    assert_int_equal(request_read_resume(params, &resume, NULL), HP_OK);
    assert_string_equal(resume.interrupt_id, "i");
    assert_string_equal(resume.response->text, "t");
    assert_string_equal(resume.response->data, "{\"a\":[]}");
    free(resume.data);
    json_decref(params);
    params = json_short("{'interrupt_id': 'i', 'response': null}");
    assert_int_equal(request_read_resume(params, &resume, NULL), HP_OK);
    assert_null(resume.response);
    free(resume.data);
    json_decref(params);
}

static void reads_pipelines_and_effects(void **state) {
    (void)state;
    struct request_pipeline read;
    struct hp_problem problem = {0};
    json_t *params = json_short("{'pipeline': {'stages': ['a']}, 'effects': {'a': {}}}");
    assert_int_equal(request_read_pipeline(params, NULL, &read, NULL), HP_OK);
    assert_json(read.pipeline, "{'stages': ['a']}");
    assert_json(read.effects, "{'a': {}}");
    json_decref(params);
    params = json_short("{'effects': {'a': {}}}");
    assert_int_equal(request_read_pipeline(params, "{\"stages\":[\"a\"]}", &read, NULL), HP_OK);
    assert_null(read.pipeline);
    assert_int_equal(request_read_pipeline(params, "{\"stages\":[\"b\"]}", &read, &problem), HP_INVALID);
    assert_string_equal(problem.field, "/effects/a");
    json_decref(params);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_amounts),
        cmocka_unit_test(names_bad_amounts),
        cmocka_unit_test(reads_a_question),
        cmocka_unit_test(reads_an_answer_or_none),
        cmocka_unit_test(reads_pipelines_and_effects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
