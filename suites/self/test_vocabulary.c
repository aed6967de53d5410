/* Holds the code against fixtures/vocabulary.json, row by row in both directions. */
#include "reference/core/envelope.h"
#include "reference/core/json.h"
#include "reference/core/wire.h"
#include "reference/holdpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int load(void **state) {
    *state = json_load_file("fixtures/vocabulary.json", JSON_REJECT_DUPLICATES, NULL);
    return *state ? 0 : -1;
}

static int release(void **state) {
    json_decref(*state);
    return 0;
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* Equal, or both absent. */
static void assert_same_text(const char *left, const char *right) {
    if (left && right) {
        assert_string_equal(left, right);
    } else {
        assert_ptr_equal(left, right);
    }
}

static void kinds_are_the_same(void **state) {
    static const char *const response_fields[] = {NULL, "text", "approved", "decision"};
    const json_t *kinds = json_object_get(*state, "kinds");
    assert_int_equal(json_array_size(kinds), HP_KIND_COUNT);
    for (int i = 0; i < HP_KIND_COUNT; i++) {
        const json_t *row = json_array_get(kinds, (size_t)i);
        const struct hp_kind_rule *rule = hp_kind_rule((enum hp_kind)i);
        const json_t *ttl = json_object_get(row, "default_ttl_seconds");
        assert_string_equal(text_of(row, "name"), rule->name);
        assert_int_equal(json_is_null(ttl), rule->default_ttl_us == HP_TTL_NEVER);
        if (json_is_integer(ttl)) {
            assert_int_equal(json_integer_value(ttl) * HP_SECOND_US, rule->default_ttl_us);
        }
        assert_int_equal(json_is_true(json_object_get(row, "auto_expires")), rule->auto_expires);
        assert_int_equal(json_is_true(json_object_get(row, "needs_response")),
                         rule->needs != HP_NEEDS_NOTHING);
        assert_same_text(text_of(row, "response_field"), response_fields[rule->needs]);
        assert_string_equal(text_of(row, "event"), rule->created_event);
    }
}

static void statuses_are_the_same(void **state) {
    const json_t *statuses = json_object_get(*state, "statuses");
    assert_int_equal(json_array_size(statuses), HP_INTERRUPT_STATUS_COUNT);
    for (int i = 0; i < HP_INTERRUPT_STATUS_COUNT; i++) {
        const json_t *row = json_array_get(statuses, (size_t)i);
        assert_string_equal(text_of(row, "name"), hp_interrupt_status_name((enum hp_interrupt_status)i));
        assert_same_text(text_of(row, "event"), hp_interrupt_status_event((enum hp_interrupt_status)i));
        assert_int_equal(json_is_true(json_object_get(row, "final")), i != HP_PENDING);
    }
}

static void decisions_are_the_same(void **state) {
    const json_t *decisions = json_object_get(*state, "decisions");
    assert_int_equal(json_array_size(decisions), HP_DECISION_COUNT - 1);
    for (int i = 1; i < HP_DECISION_COUNT; i++) {
        assert_string_equal(json_string_value(json_array_get(decisions, (size_t)i - 1)),
                            hp_decision_name((enum hp_decision)i));
    }
}

static void errors_are_the_same(void **state) {
    const json_t *errors = json_object_get(*state, "errors");
    assert_int_equal(json_array_size(errors), HP_INTERNAL);
    for (int i = 1; i <= HP_INTERNAL; i++) {
        const json_t *row = json_array_get(errors, (size_t)i - 1);
        const char *name = json_is_string(row) ? json_string_value(row) : text_of(row, "name");
        assert_string_equal(name, hp_status_name((enum hp_status)i));
    }
}

/* The members of an encoded value are exactly the fields of the vocabulary. */
static void assert_fields(const json_t *fields, const json_t *value) {
    assert_int_equal(json_array_size(fields), json_object_size(value));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const char *name = text_of(json_array_get(fields, i), "name");
        assert_non_null(json_object_get(value, name));
    }
}

static void fields_are_the_same(void **state) {
    const struct hp_interrupt interrupt = {
        .id = "00000000-0000-4000-8000-000000000000",
        .status = HP_RESOLVED,
        .request_id = "r",
        .user_id = "u",
        .session_id = "s",
        .data = "{}",
        .has_response = true,
        .expires_at_us = HP_INSTANT_NONE,
    };
    json_t *value = interrupt_encode(&interrupt);
    assert_fields(json_object_get(*state, "interrupt_fields"), value);
    assert_fields(json_object_get(*state, "response_fields"), json_object_get(value, "response"));
    json_decref(value);
}

static void the_envelope_has_the_same_fields(void **state) {
    const json_t *names = json_object_get(*state, "envelope_fields");
    assert_int_equal(json_array_size(names), ENVELOPE_FIELD_COUNT);
    for (size_t i = 0; i < ENVELOPE_FIELD_COUNT; i++) {
        assert_string_equal(json_string_value(json_array_get(names, i)), envelope_field_name(i));
    }
}

static void limits_are_the_same(void **state) {
    const json_t *limits = json_object_get(*state, "limits");
    const struct {
        const char *name;
        json_int_t least, most;
    } rows[] = {
        {"text_max_code_points", HP_TEXT_MAX_CODE_POINTS, HP_TEXT_MAX_CODE_POINTS},
        {"id_max_bytes", HP_ID_MAX_BYTES, HP_ID_MAX_BYTES},
        {"data_max_depth", JSON_DEPTH_MAX, JSON_DEPTH_MAX},
        {"accepted_bytes", 1, JSON_SIZE_MAX_BYTES},
        {"refused_bytes", JSON_SIZE_MAX_BYTES, JSON_RAW_MAX_BYTES},
        {"list_limit_default", HP_LIMIT_DEFAULT, HP_LIMIT_DEFAULT},
        {"list_limit_max", HP_LIMIT_MAX, HP_LIMIT_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const json_t *limit = json_object_get(limits, rows[i].name);
        assert_true(json_is_integer(limit));
        assert_in_range(json_integer_value(limit), rows[i].least, rows[i].most);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(kinds_are_the_same, load, release),
        cmocka_unit_test_setup_teardown(statuses_are_the_same, load, release),
        cmocka_unit_test_setup_teardown(decisions_are_the_same, load, release),
        cmocka_unit_test_setup_teardown(errors_are_the_same, load, release),
        cmocka_unit_test_setup_teardown(fields_are_the_same, load, release),
        cmocka_unit_test_setup_teardown(the_envelope_has_the_same_fields, load, release),
        cmocka_unit_test_setup_teardown(limits_are_the_same, load, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) > 0;
}
