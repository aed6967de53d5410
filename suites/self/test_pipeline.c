#include "reference/core/envelope.h"
#include "reference/core/pipeline.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pipeline *pipeline_of(const char *text) {
    json_t *value = json_short(text);
    struct pipeline *pipeline = NULL;
    struct hp_problem problem = {0};
    if (pipeline_read(value, "", &pipeline, &problem) != HP_OK) {
        fail_msg("%s: %s %s", text, problem.field, problem.detail);
    }
    json_decref(value);
    return pipeline;
}

static json_t *envelope_of(const char *text) {
    static const struct hp_moment moment = {0, {"a", "b", "c"}};
    json_t *given = json_short(text), *read = NULL;
    assert_int_equal(envelope_decode(given, "", &moment, &read, NULL), HP_OK);
    json_decref(given);
    return read;
}

/* The names of the audited system stand in the file and here, and nowhere in the code. */
static void the_shipped_one_has_the_audited_routes(void **state) {
    (void)state;
    struct pipeline *pipeline = NULL;
    assert_int_equal(pipeline_read_text(NULL, &pipeline, NULL), HP_OK);
    assert_string_equal(pipeline_route(pipeline, HP_CLARIFICATION), "intent");
    assert_string_equal(pipeline_route(pipeline, HP_CRITIC_REVIEW), "intent");
    assert_string_equal(pipeline_route(pipeline, HP_CONFIRMATION), "executor");
    assert_null(pipeline_route(pipeline, HP_CHECKPOINT));
    assert_null(pipeline_route(pipeline, HP_SYSTEM_ERROR));
    assert_true(pipeline_has(pipeline, "start"));
    assert_false(pipeline_has(pipeline, "Start"));
    pipeline_free(pipeline);
    pipeline_free(NULL);
}

static void refuses_what_cannot_be(void **state) {
    (void)state;
    static const struct {
        const char *text, *field;
    } rows[] = {
        {"[]", "/p"},
        {"{}", "/p/stages"},
        {"{'stages': []}", "/p/stages"},
        {"{'stages': 'a'}", "/p/stages"},
        {"{'stages': ['a', 1]}", "/p/stages/1"},
        {"{'stages': ['a', '']}", "/p/stages/1"},
        {"{'stages': ['a', 'b', 'a']}", "/p/stages/2"},
        {"{'stages': ['a'], 'routes': []}", "/p/routes"},
        {"{'stages': ['a'], 'routes': {'clarification': 'b'}}", "/p/routes/clarification"},
        {"{'stages': ['a'], 'routes': {'clarification': null}}", "/p/routes/clarification"},
        {"{'stages': ['a'], 'routes': {'agent_review': 'a'}}", "/p/routes/agent_review"},
        {"{'stages': ['a'], 'routes': {}, 'route': {}}", "/p/route"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *value = json_short(rows[i].text);
        struct pipeline *pipeline = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(pipeline_read(value, "/p", &pipeline, &problem), HP_INVALID);
        assert_string_equal(problem.field, rows[i].field);
        assert_null(pipeline);
        json_decref(value);
    }
    struct pipeline *pipeline = NULL;
    assert_int_equal(pipeline_read_text("{", &pipeline, NULL), HP_INVALID);
}

static enum hp_status read_of_length(size_t count) {
    json_t *value = json_pack("{s:[]}", "stages"), *stages = json_object_get(value, "stages");
    struct pipeline *pipeline = NULL;
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(stages, json_sprintf("stage %zu", i));
    }
    enum hp_status status = pipeline_read(value, "", &pipeline, NULL);
    pipeline_free(pipeline);
    json_decref(value);
    return status;
}

static void has_a_thousand_stages_at_most(void **state) {
    (void)state;
    assert_int_equal(read_of_length(1000), HP_OK);
    assert_int_equal(read_of_length(1001), HP_INVALID);
}

static void effects_are_of_its_stages(void **state) {
    (void)state;
    static const struct {
        const char *text, *field;
    } rows[] = {
        {"{}", NULL},
        {"{'a': {}, 'b': {'output': {}}}", NULL},
        {"{'a': {'fail': 'x'}}", NULL},
        {"[]", "/e"},
        {"{'c': {}}", "/e/c"},
        {"{'a': 1}", "/e/a"},
        {"{'a': {'output': 1}}", "/e/a"},
        {"{'a': {'fail': null}}", "/e/a"},
        {"{'a': {'sleep': 1}}", "/e/a"},
    };
    struct pipeline *pipeline = pipeline_of("{'stages': ['a', 'b']}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *effects = json_short(rows[i].text);
        struct hp_problem problem = {0};
        assert_int_equal(effects_check(effects, pipeline, "/e", &problem),
                         rows[i].field ? HP_INVALID : HP_OK);
        assert_string_equal(problem.field, rows[i].field ? rows[i].field : "");
        json_decref(effects);
    }
    assert_int_equal(effects_check(NULL, pipeline, "/e", NULL), HP_OK);
    pipeline_free(pipeline);
}

#define AT(stage) "{'stage': '" stage "', 'at': '1970-01-01T00:00:02.000000Z'}"

static void runs_each_stage_once(void **state) {
    (void)state;
    static const struct {
        const char *envelope, *effects;
        enum pipeline_reach reach;
        const char *history, *stage, *terminal_reason;
    } rows[] = {
        {"{'current_stage': 'b'}", "{}", PIPELINE_TO_THE_END, "[" AT("b") "," AT("c") "]", "c", "completed"},
        {"{'current_stage': 'b'}", "{}", PIPELINE_ONE_STAGE, "[" AT("b") "]", "b", NULL},
        {"{'current_stage': 'c'}", "{}", PIPELINE_ONE_STAGE, "[" AT("c") "]", "c", NULL},
        {"{'current_stage': 'a'}", "{'b': {'fail': 'no'}}", PIPELINE_TO_THE_END, "[" AT("a") "," AT("b") "]",
         "b", "stage_failed"},
        {"{'current_stage': 'a', 'terminated': true}", "{}", PIPELINE_TO_THE_END, "[]", "a", NULL},
        {"{'current_stage': 'a', 'llm_call_count': 10}", "{}", PIPELINE_TO_THE_END, "[]", "a", NULL},
    };
    struct pipeline *pipeline = pipeline_of("{'stages': ['a', 'b', 'c']}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *envelope = envelope_of(rows[i].envelope), *effects = json_short(rows[i].effects);
        assert_int_equal(pipeline_run(pipeline, effects, envelope, rows[i].reach, 2000000, NULL), HP_OK);
        assert_json(json_object_get(envelope, "processing_history"), rows[i].history);
        assert_string_equal(envelope_text(envelope, "current_stage"), rows[i].stage);
        const char *reason = envelope_text(envelope, "terminal_reason");
        assert_string_equal(reason ? reason : "", rows[i].terminal_reason ? rows[i].terminal_reason : "");
        json_decref(effects);
        json_decref(envelope);
    }
    pipeline_free(pipeline);
}

static void effects_happen(void **state) {
    (void)state;
    struct pipeline *pipeline = pipeline_of("{'stages': ['a', 'b']}");
    json_t *envelope =
        envelope_of("{'current_stage': 'a', 'outputs': {'z': {'k': 1}}, 'errors': [{'old': 1}]}");
    json_t *effects = json_short("{'a': {'output': {'x': [1]}}, 'b': {'fail': 'boom', 'output': {}}}");
    assert_int_equal(pipeline_run(pipeline, effects, envelope, PIPELINE_TO_THE_END, 2000000, NULL), HP_OK);
    assert_json(json_object_get(envelope, "outputs"), "{'z': {'k': 1}, 'a': {'x': [1]}, 'b': {}}");
    assert_json(json_object_get(envelope, "errors"), "[{'old': 1}, {'stage': 'b', 'error': 'boom'}]");
    assert_string_equal(envelope_text(envelope, "termination_reason"), "boom");
    assert_string_equal(envelope_text(envelope, "completed_at"), "1970-01-01T00:00:02.000000Z");
    json_decref(effects);
    json_decref(envelope);
    envelope = envelope_of("{'current_stage': 'elsewhere'}");
    assert_int_equal(pipeline_run(pipeline, NULL, envelope, PIPELINE_ONE_STAGE, 0, NULL), HP_CONFLICT);
    json_decref(envelope);
    pipeline_free(pipeline);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_one_has_the_audited_routes),
        cmocka_unit_test(refuses_what_cannot_be),
        cmocka_unit_test(has_a_thousand_stages_at_most),
        cmocka_unit_test(effects_are_of_its_stages),
        cmocka_unit_test(runs_each_stage_once),
        cmocka_unit_test(effects_happen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
