#include "reference/core/envelope_interrupt.h"
#include "reference/core/json.h"
#include "suites/self/support_flow.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void pending_is_what_the_interrupt_says(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool pending;
    } rows[] = {
        {"null", false},
        {"{'id': 'i', 'kind': 'timeout'}", true},
        {"{'id': 'i', 'kind': 'timeout', 'status': null, 'response': null}", true},
        {"{'id': 'i', 'kind': 'timeout', 'response': {}}", false},
        {"{'id': 'i', 'kind': 'timeout', 'status': 'pending', 'response': {}}", true},
        {"{'id': 'i', 'kind': 'timeout', 'status': 'resolved'}", false},
        {"{'id': 'i', 'kind': 'timeout', 'status': 'cancelled'}", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *interrupt = json_short(rows[i].text);
        assert_int_equal(embedded_is_pending(interrupt), rows[i].pending);
        json_decref(interrupt);
    }
    assert_false(embedded_is_pending(NULL));
}

static void members_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *members, *field;
    } rows[] = {
        {"'a': 1", NULL},
        {"'id': ''", "/i/id"},
        {"'id': 7", "/i/id"},
        {"'id': null", "/i/id"},
        {"'kind': 'Timeout'", "/i/kind"},
        {"'kind': null", "/i/kind"},
        {"'status': 'open'", "/i/status"},
        {"'status': 1", "/i/status"},
        {"'user_id': 1", "/i/user_id"},
        {"'question': null", NULL},
        {"'question': []", "/i/question"},
        {"'data': []", "/i/data"},
        {"'response': 'yes'", "/i/response"},
        {"'created_at': '2025'", "/i/created_at"},
        {"'expires_at': '2025-01-01T00:00:00+02:00'", NULL},
        {"'resolved_at': 0", "/i/resolved_at"},
        {"'span_id': {}", "/i/span_id"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct member_path path;
        struct hp_problem problem = {0};
        json_t *interrupt = json_short("{'id': 'i', 'kind': 'timeout'}");
        char text[128] = "{";
        strcat(strcat(text, rows[i].members), "}");
        json_t *members = json_short(text);
        json_object_update(interrupt, members);
        member_path_init(&path, "/i");
        assert_int_equal(embedded_check(interrupt, &path, &problem), rows[i].field ? HP_INVALID : HP_OK);
        assert_string_equal(problem.field, rows[i].field ? rows[i].field : "");
        json_decref(members);
        json_decref(interrupt);
    }
}

static json_t *nested(int levels) {
    json_t *value = json_array();
    for (int i = 1; i < levels; i++) {
        value = json_pack("[o]", value);
    }
    return value;
}

/* Checks an interrupt whose `response` has that many levels in its data, and a last member that many. */
static void check_nested(int in_response, int in_last, const char *field) {
    struct member_path path;
    struct hp_problem problem = {0};
    json_t *interrupt = json_pack("{s:s, s:s, s:{s:o}, s:o}", "id", "i", "kind", "timeout", "response",
                                  "data", nested(in_response), "zzz", nested(in_last));
    member_path_init(&path, "/i");
    assert_int_equal(embedded_check(interrupt, &path, &problem), field ? HP_INVALID : HP_OK);
    assert_string_equal(problem.field, field ? field : "");
    json_decref(interrupt);
}

static void members_nest_as_deep_as_data(void **state) {
    (void)state;
    check_nested(JSON_DEPTH_MAX, JSON_DEPTH_MAX, NULL);
    check_nested(JSON_DEPTH_MAX + 1, 1, "/i/response/data");
    check_nested(1, JSON_DEPTH_MAX + 1, "/i/zzz");
}

static void set_refuses_over_a_pending_one(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    json_t *envelope = flow_decode("{}");
    json_t *one = json_short("{'id': 'i', 'kind': 'timeout'}");
    json_t *done = json_short("{'id': 'j', 'kind': 'timeout', 'status': 'resolved'}");
    assert_int_equal(envelope_set_interrupt(envelope, done, NULL), HP_OK);
    assert_false(envelope_flag(envelope, "interrupt_pending"));
    assert_int_equal(envelope_set_interrupt(envelope, one, NULL), HP_OK);
    assert_true(envelope_flag(envelope, "interrupt_pending"));
    assert_int_equal(envelope_set_interrupt(envelope, done, &problem), HP_CONFLICT);
    assert_string_equal(problem.interrupt_status, "pending");
    assert_true(json_equal(envelope_interrupt(envelope), one));
    json_decref(one);
    json_decref(done);
    json_decref(envelope);
}

static void resolve_stores_once(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    json_t *envelope = flow_decode("{'interrupt': {'id': 'i', 'kind': 'timeout', 'odd': [1]}}");
    json_t *response = json_short("{'text': 'yes'}"), *other = json_short("{'text': 'no'}");
    assert_int_equal(envelope_resolve_interrupt(envelope, response, 1000000, NULL), HP_OK);
    assert_false(envelope_flag(envelope, "interrupt_pending"));
    assert_json(
        envelope_interrupt(envelope),
        "{'id': 'i', 'kind': 'timeout', 'odd': [1], 'status': 'resolved', 'response': {'text': 'yes'},"
        "'resolved_at': '1970-01-01T00:00:01.000000Z'}");
    assert_int_equal(envelope_resolve_interrupt(envelope, other, 2000000, &problem), HP_CONFLICT);
    assert_string_equal(problem.interrupt_status, "resolved");
    assert_json(json_object_get(envelope_interrupt(envelope), "response"), "{'text': 'yes'}");
    json_decref(response);
    json_decref(other);
    json_decref(envelope);
}

static void resolve_refuses_what_is_not_open(void **state) {
    (void)state;
    static const struct {
        const char *envelope, *status; /* NULL: it is taken */
    } rows[] = {
        {"{}", ""},
        {"{'interrupt': {'id': 'i', 'kind': 'timeout', 'status': 'cancelled'}}", "cancelled"},
        {"{'interrupt': {'id': 'i', 'kind': 'timeout', 'response': {}}}", "resolved"},
        {"{'interrupt': {'id': 'i', 'kind': 'timeout', 'expires_at': '1970-01-01T00:00:00.999999Z'}}",
         "expired"},
        {"{'interrupt': {'id': 'i', 'kind': 'timeout', 'expires_at': '1970-01-01T00:00:01Z'}}", NULL},
        {"{'interrupt': {'id': 'i', 'kind': 'checkpoint', 'expires_at': '1970-01-01T00:00:00Z'}}", NULL},
    };
    json_t *response = json_short("{}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_problem problem = {0};
        json_t *envelope = flow_decode(rows[i].envelope);
        assert_int_equal(envelope_resolve_interrupt(envelope, response, 1000000, &problem),
                         rows[i].status ? HP_CONFLICT : HP_OK);
        assert_string_equal(problem.interrupt_status, rows[i].status ? rows[i].status : "");
        json_decref(envelope);
    }
    json_decref(response);
}

static void clear_is_always_allowed(void **state) {
    (void)state;
    json_t *envelope = flow_decode("{'interrupt': {'id': 'i', 'kind': 'timeout'}}");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(envelope_clear_interrupt(envelope, NULL), HP_OK);
        assert_null(envelope_interrupt(envelope));
        assert_true(json_is_null(json_object_get(envelope, "interrupt")));
        assert_false(envelope_flag(envelope, "interrupt_pending"));
    }
    json_decref(envelope);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pending_is_what_the_interrupt_says),
        cmocka_unit_test(members_are_checked),
        cmocka_unit_test(members_nest_as_deep_as_data),
        cmocka_unit_test(set_refuses_over_a_pending_one),
        cmocka_unit_test(resolve_stores_once),
        cmocka_unit_test(resolve_refuses_what_is_not_open),
        cmocka_unit_test(clear_is_always_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
