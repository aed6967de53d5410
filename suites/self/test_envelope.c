#include "reference/core/envelope.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static const struct hp_moment moment = {1765445400000000, {"id-0", "id-1", "id-2"}};

#define DEFAULTS                                                                                             \
    "'received_at': '2025-12-11T09:30:00.000000Z', 'outputs': {}, 'current_stage': 'start', 'stage_order': " \
    "[],"                                                                                                    \
    "'iteration': 0, 'max_iterations': 3, 'active_stages': {}, 'completed_stage_set': {}, 'failed_stages': " \
    "{},"                                                                                                    \
    "'dag_mode': false, 'llm_call_count': 0, 'max_llm_calls': 10, 'agent_hop_count': 0, 'max_agent_hops': "  \
    "21,"                                                                                                    \
    "'terminal_reason': null, 'terminated': false, 'termination_reason': null, 'interrupt_pending': false,"  \
    "'interrupt': null, 'completed_stages': [], 'current_stage_number': 1, 'max_stages': 5, 'all_goals': "   \
    "[],"                                                                                                    \
    "'remaining_goals': [], 'goal_completion_status': {}, 'prior_plans': [], 'critic_feedback': [],"         \
    "'processing_history': [], 'errors': [], 'created_at': '2025-12-11T09:30:00.000000Z', 'completed_at': "  \
    "null,"                                                                                                  \
    "'metadata': {}"

/* Every field, each other than its default. */
#define FULL                                                                                                 \
    "{'envelope_id': 'e', 'request_id': 'r', 'user_id': 'u', 'session_id': 's', 'raw_input': 'x',"           \
    "'received_at': '2025-01-02T03:04:05.000006Z', 'outputs': {'a': {'b': [1, 2.5, null]}, 'c': {}},"        \
    "'current_stage': 'q', 'stage_order': ['q', 'r'], 'iteration': 1, 'max_iterations': "                    \
    "9223372036854775807,"                                                                                   \
    "'active_stages': {'q': true, 'r': false}, 'completed_stage_set': {'p': true},"                          \
    "'failed_stages': {'o': 'boom'}, 'dag_mode': true, 'llm_call_count': 2, 'max_llm_calls': 0,"             \
    "'agent_hop_count': 3, 'max_agent_hops': 4, 'terminal_reason': '', 'terminated': true,"                  \
    "'termination_reason': 'y', 'interrupt_pending': true,"                                                  \
    "'interrupt': {'id': 'i', 'kind': 'checkpoint', 'odd': [1]}, 'completed_stages': [{'z': {}}],"           \
    "'current_stage_number': 2, 'max_stages': 3, 'all_goals': ['g', ''], 'remaining_goals': ['g'],"          \
    "'goal_completion_status': {'g': 'open'}, 'prior_plans': [{}], 'critic_feedback': ['meh'],"              \
    "'processing_history': [{'n': 1e300}], 'errors': [{'e': 'f'}], 'created_at': null,"                      \
    "'completed_at': '0001-01-01T00:00:00.000000Z', 'metadata': {'deep': {'er': [[[]]]}}}"

static json_t *decode(const char *text) {
    json_t *given = json_short(text), *read = NULL;
    struct hp_problem problem = {0};
    if (envelope_decode(given, "", &moment, &read, &problem) != HP_OK) {
        fail_msg("%s: %s %s", text, problem.field, problem.detail);
    }
    json_decref(given);
    return read;
}

static void assert_decodes(const char *text, const char *wanted) {
    json_t *read = decode(text);
    assert_json(read, wanted);
    json_decref(read);
}

static void a_new_one_has_defaults(void **state) {
    (void)state;
    assert_int_equal(ENVELOPE_FIELD_COUNT, 37);
    assert_decodes(
        "{}", "{'envelope_id': 'id-0', 'request_id': 'id-1', 'user_id': 'anonymous', 'session_id': 'id-2',"
              "'raw_input': ''," DEFAULTS "}");
}

static void nothing_is_lost(void **state) {
    (void)state;
    json_t *full = json_short(FULL), *read = decode(FULL);
    assert_int_equal(json_object_size(full), ENVELOPE_FIELD_COUNT);
    assert_true(json_equal(full, read));
    size_t index = 0;
    for (void *at = json_object_iter(read); at; at = json_object_iter_next(read, at)) {
        assert_string_equal(json_object_iter_key(at), envelope_field_name(index++));
    }
    json_decref(read);
    json_decref(full);
}

/* Each field of the full one alone: it stays, and the others take their defaults. */
static void each_field_stays_alone(void **state) {
    (void)state;
    json_t *full = json_short(FULL), *empty = decode("{}");
    for (size_t i = 0; i < ENVELOPE_FIELD_COUNT; i++) {
        const char *name = envelope_field_name(i);
        json_t *one = json_object(), *read = NULL, *wanted = json_copy(empty);
        bool flag = strcmp(name, "interrupt_pending") == 0, embedded = strcmp(name, "interrupt") == 0;
        json_object_set(one, name, json_object_get(full, name));
        json_object_set(wanted, name, json_object_get(full, name));
        if (flag || embedded) { /* these two go together */
            json_object_set(one, "interrupt", json_object_get(full, "interrupt"));
            json_object_set(wanted, "interrupt", json_object_get(full, "interrupt"));
            json_object_set_new(wanted, "interrupt_pending", json_true());
        }
        assert_int_equal(envelope_decode(one, "", &moment, &read, NULL), HP_OK);
        assert_true(json_equal(read, wanted));
        json_decref(one);
        json_decref(read);
        json_decref(wanted);
    }
    json_decref(empty);
    json_decref(full);
}

/* Null is absent, but where null is a value. */
static void null_is_a_default(void **state) {
    (void)state;
    json_t *given = json_object(), *read = NULL, *empty = decode("{}");
    for (size_t i = 0; i < ENVELOPE_FIELD_COUNT; i++) {
        json_object_set_new(given, envelope_field_name(i), json_null());
    }
    assert_int_equal(envelope_decode(given, "", &moment, &read, NULL), HP_OK);
    json_object_set_new(empty, "received_at", json_null());
    json_object_set_new(empty, "created_at", json_null());
    assert_true(json_equal(read, empty));
    json_decref(given);
    json_decref(read);
    json_decref(empty);
}

static void unknown_members_stay(void **state) {
    (void)state;
    json_t *read = decode(
        "{'zeta': [1, {'a': null}], 'clarification_question': 'Which?', 'user_id': 'ann', 'nothing': null}");
    assert_json(json_object_get(read, "zeta"), "[1, {'a': null}]");
    assert_json(json_object_get(read, "clarification_question"), "'Which?'");
    assert_true(json_is_null(json_object_get(read, "nothing")));
    assert_int_equal(json_object_size(read), ENVELOPE_FIELD_COUNT + 3);
    json_decref(read);
}

static void numbers_and_times_are_written_one_way(void **state) {
    (void)state;
    json_t *read =
        decode("{'iteration': 3.0, 'llm_call_count': 0.0, 'max_stages': 9223372036854775807, 'created_at': "
               "'2025-01-01T01:00:00.1234567+01:00',"
               "'completed_at': '2025-01-01T00:00:00z'}");
    assert_json(json_object_get(read, "iteration"), "3");
    assert_json(json_object_get(read, "llm_call_count"), "0");
    assert_json(json_object_get(read, "max_stages"), "9223372036854775807");
    assert_json(json_object_get(read, "created_at"), "'2025-01-01T00:00:00.123456Z'");
    assert_json(json_object_get(read, "completed_at"), "'2025-01-01T00:00:00.000000Z'");
    json_decref(read);
}

static void legacy_flags_go_when_they_say_nothing(void **state) {
    (void)state;
    static const char *const nothing[] = {"false", "null", "''", "[]", "{}"};
    static const char *const something[] = {"true", "'x'", "[0]", "{'a': 1}", "0"};
    static const char *const names[] = {"clarification_pending", "confirmation_pending"};
    for (size_t i = 0; i < 10; i++) {
        char text[128], pointer[64];
        struct hp_problem problem = {0};
        json_t *read = NULL;
        const char *name = names[i % 2];
        snprintf(text, sizeof text, "{'%s': %s}", name, i < 5 ? nothing[i] : something[i - 5]);
        snprintf(pointer, sizeof pointer, "/envelope/%s", name);
        json_t *given = json_short(text);
        enum hp_status status = envelope_decode(given, "/envelope", &moment, &read, &problem);
        assert_int_equal(status, i < 5 ? HP_OK : HP_INVALID);
        assert_string_equal(problem.field, i < 5 ? "" : pointer);
        assert_null(json_object_get(read, name));
        json_decref(read);
        json_decref(given);
    }
}

static void wrong_types_are_named(void **state) {
    (void)state;
    static const struct {
        const char *text, *field;
    } rows[] = {
        {"{'envelope_id': 1}", "/envelope_id"},
        {"{'user_id': ['a']}", "/user_id"},
        {"{'raw_input': false}", "/raw_input"},
        {"{'current_stage': {}}", "/current_stage"},
        {"{'received_at': 5}", "/received_at"},
        {"{'received_at': '2025-01-01T00:00:00'}", "/received_at"},
        {"{'created_at': '2025-01-01T00:00:60Z'}", "/created_at"},
        {"{'completed_at': ''}", "/completed_at"},
        {"{'outputs': []}", "/outputs"},
        {"{'outputs': {'a': 1}}", "/outputs/a"},
        {"{'outputs': {'a': {}, 'b/c~d': null}}", "/outputs/b~1c~0d"},
        {"{'stage_order': {}}", "/stage_order"},
        {"{'stage_order': ['a', 2]}", "/stage_order/1"},
        {"{'iteration': -1}", "/iteration"},
        {"{'iteration': 1.5}", "/iteration"},
        {"{'iteration': '1'}", "/iteration"},
        {"{'iteration': true}", "/iteration"},
        {"{'max_stages': 1e19}", "/max_stages"},
        {"{'max_stages': 9223372036854775808.0}", "/max_stages"},
        {"{'active_stages': {'a': 1}}", "/active_stages/a"},
        {"{'completed_stage_set': ['a']}", "/completed_stage_set"},
        {"{'failed_stages': {'a': false}}", "/failed_stages/a"},
        {"{'goal_completion_status': {'a': null}}", "/goal_completion_status/a"},
        {"{'dag_mode': 0}", "/dag_mode"},
        {"{'terminated': 'false'}", "/terminated"},
        {"{'terminal_reason': 1}", "/terminal_reason"},
        {"{'completed_stages': [{}, []]}", "/completed_stages/1"},
        {"{'errors': ['boom']}", "/errors/0"},
        {"{'critic_feedback': [null]}", "/critic_feedback/0"},
        {"{'metadata': null, 'metadata2': 1, 'all_goals': 'x'}", "/all_goals"},
        {"{'metadata': []}", "/metadata"},
        {"{'interrupt': 'x'}", "/interrupt"},
        {"{'interrupt': {'kind': 'timeout'}}", "/interrupt/id"},
        {"{'interrupt': {'id': 'x', 'kind': 'agent_review'}}", "/interrupt/kind"},
        {"{'interrupt_pending': 1}", "/interrupt_pending"},
        {"{'interrupt_pending': true}", "/interrupt_pending"},
        {"{'interrupt_pending': false, 'interrupt': {'id': 'x', 'kind': 'timeout'}}", "/interrupt_pending"},
        {"{'interrupt_pending': true, 'interrupt': {'id': 'x', 'kind': 'timeout', 'status': 'expired'}}",
         "/interrupt_pending"},
        {"[]", ""},
        {"3", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *given = json_short(rows[i].text), *read = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(envelope_decode(given, "", &moment, &read, &problem), HP_INVALID);
        if (strcmp(problem.field, rows[i].field) != 0) {
            fail_msg("%s: %s, not %s", rows[i].text, problem.field, rows[i].field);
        }
        assert_null(read);
        json_decref(given);
    }
    struct hp_problem problem = {0};
    json_t *read = NULL;
    assert_int_equal(envelope_decode(NULL, "/envelope", &moment, &read, &problem), HP_INVALID);
    assert_string_equal(problem.field, "/envelope");
}

static void refusals_say_what_was_expected(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"{'user_id': 1}", "user_id must be text"},
        {"{'outputs': {'a': 1}}", "a must be an object"},
        {"{'iteration': -0.5}", "iteration must be a whole number from 0 on"},
        {"{'created_at': 1}", "created_at must be an RFC 3339 time with an offset, or null"},
        {"{'interrupt_pending': true}",
         "interrupt_pending is true, but the embedded interrupt is not pending"},
        {"{'interrupt_pending': false, 'interrupt': {'id': 'x', 'kind': 'timeout'}}",
         "interrupt_pending is false, but the embedded interrupt is pending"},
        {"[]", "an envelope must be an object"},
        {NULL, "an envelope is required"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *given = rows[i].text ? json_short(rows[i].text) : NULL, *read = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(envelope_decode(given, "", &moment, &read, &problem), HP_INVALID);
        assert_string_equal(problem.detail, rows[i].said);
        json_decref(given);
    }
}

/* A field, or a member that is none, with arrays of that many levels in it. */
static enum hp_status decode_deep(const char *name, int levels, char field[HP_PROBLEM_FIELD_SIZE]) {
    struct hp_problem problem = {0};
    json_t *value = json_array(), *given = json_object(), *read = NULL;
    for (int i = 1; i < levels; i++) {
        json_t *outer = json_array();
        json_array_append_new(outer, value);
        value = outer;
    }
    json_t *object = json_object();
    json_object_set_new(object, "a", value);
    json_object_set_new(given, name, object);
    enum hp_status status = envelope_decode(given, "", &moment, &read, &problem);
    memcpy(field, problem.field, sizeof problem.field);
    json_decref(given);
    json_decref(read);
    return status;
}

static void nests_64_levels(void **state) {
    (void)state;
    char field[HP_PROBLEM_FIELD_SIZE];
    assert_int_equal(decode_deep("metadata", 63, field), HP_OK);
    assert_int_equal(decode_deep("metadata", 64, field), HP_INVALID);
    assert_string_equal(field, "/metadata");
    assert_int_equal(decode_deep("other", 63, field), HP_OK);
    assert_int_equal(decode_deep("other", 64, field), HP_INVALID);
    assert_string_equal(field, "/other");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_one_has_defaults),
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(each_field_stays_alone),
        cmocka_unit_test(null_is_a_default),
        cmocka_unit_test(unknown_members_stay),
        cmocka_unit_test(numbers_and_times_are_written_one_way),
        cmocka_unit_test(legacy_flags_go_when_they_say_nothing),
        cmocka_unit_test(wrong_types_are_named),
        cmocka_unit_test(refusals_say_what_was_expected),
        cmocka_unit_test(nests_64_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
