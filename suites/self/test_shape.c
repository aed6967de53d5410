#include "harness/base/shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ASKED "\"id\":\"1\",\"kind\":\"timeout\",\"request_id\":\"r\",\"status\":"
#define OPEN "{" ASKED "\"pending\"}"

static const struct {
    const char *left, *right;
    bool equal;
} rows[] = {
    /* further members of what the contract shapes are no fault, and a missing one is null */
    {OPEN, "{" ASKED "\"pending\",\"served\":7}", true},
    {OPEN, "{" ASKED "\"pending\",\"message\":null,\"response\":null}", true},
    {OPEN, "{" ASKED "\"expired\"}", false},
    {OPEN, "{" ASKED "\"pending\",\"message\":\"\"}", false},
    {"{" ASKED "\"resolved\",\"response\":{\"text\":\"a\"}}",
     "{" ASKED "\"resolved\",\"response\":{\"text\":\"a\",\"data\":null,\"by\":\"x\"}}", true},
    {"{" ASKED "\"resolved\",\"response\":{\"text\":\"a\"}}",
     "{" ASKED "\"resolved\",\"response\":{\"text\":\"b\"}}", false},
    {"{" ASKED "\"resolved\",\"response\":{\"text\":\"a\"}}", "{" ASKED "\"resolved\",\"response\":null}",
     false},
    /* what callers store is theirs, to the last member */
    {"{" ASKED "\"pending\",\"data\":{\"a\":1}}", "{" ASKED "\"pending\",\"data\":{\"a\":1.0}}", true},
    {"{" ASKED "\"pending\",\"data\":{\"a\":1}}", "{" ASKED "\"pending\",\"data\":{\"a\":1,\"b\":null}}",
     false},
    {"{" ASKED "\"resolved\",\"response\":{\"data\":{}}}",
     "{" ASKED "\"resolved\",\"response\":{\"data\":{\"x\":1}}}", false},
    /* events hold interrupts */
    {"{\"event_id\":\"e\",\"data\":" OPEN "}",
     "{\"event_id\":\"e\",\"tries\":1,\"data\":{" ASKED "\"pending\",\"x\":1}}", true},
    {"{\"event_id\":\"e\",\"data\":" OPEN "}", "{\"event_id\":\"e\",\"data\":{" ASKED "\"expired\"}}", false},
    {"{\"event_id\":\"e\"}", "{\"event_id\":\"f\"}", false},
    {"[" OPEN "]", "[{" ASKED "\"pending\",\"served\":1}]", true},
    {"[" OPEN "]", "[]", false},
    {"[" OPEN "]", "[" OPEN "," OPEN "]", false},
    {"[]", OPEN, false},
    {OPEN, "null", false},
    /* everything else is compared in full */
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
    {"{\"kind\":\"timeout\"}", "{\"kind\":\"timeout\",\"x\":1}", false},
    {"{\"kind\":\"timeout\",\"request_id\":\"r\"}", "{\"kind\":\"timeout\",\"request_id\":\"r\",\"x\":1}",
     false},
    {"{\"event_id\":\"e\"}", "{\"a\":1}", false},
    {OPEN, "{\"a\":1}", false},
    {"{" ASKED "\"resolved\",\"response\":7}", "{" ASKED "\"resolved\",\"response\":{\"text\":\"a\"}}",
     false},
    {"1", "1.0", true},
    {"\"a\"", "\"b\"", false},
};

static void values_are_compared_by_their_shape(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *left = json_loads(rows[i].left, JSON_DECODE_ANY, NULL);
        json_t *right = json_loads(rows[i].right, JSON_DECODE_ANY, NULL);
        assert_non_null(left);
        assert_non_null(right);
        if (shape_equals(left, right) != rows[i].equal || shape_equals(right, left) != rows[i].equal) {
            fail_msg("row %zu: %s against %s", i, rows[i].left, rows[i].right);
        }
        json_decref(left);
        json_decref(right);
    }
}

/* Each name of the list stands in the vocabulary, and there are as many there. */
static void assert_fields(const json_t *vocabulary, const char *key, const char *const *fields) {
    const json_t *known = json_object_get(vocabulary, key);
    size_t count = 0;
    for (; fields[count]; count++) {
        bool found = false;
        for (size_t i = 0; i < json_array_size(known); i++) {
            const char *name = json_string_value(json_object_get(json_array_get(known, i), "name"));
            found = found || strcmp(name, fields[count]) == 0;
        }
        if (!found) {
            fail_msg("%s has no %s", key, fields[count]);
        }
    }
    assert_int_equal(count, json_array_size(known));
}

static void the_fields_are_those_of_the_vocabulary(void **state) {
    (void)state;
    json_t *vocabulary = json_load_file("fixtures/vocabulary.json", 0, NULL);
    assert_non_null(vocabulary);
    assert_fields(vocabulary, "interrupt_fields", shape_interrupt_fields);
    assert_fields(vocabulary, "response_fields", shape_response_fields);
    assert_fields(vocabulary, "event_fields", shape_event_fields);
    json_decref(vocabulary);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_compared_by_their_shape),
                                       cmocka_unit_test(the_fields_are_those_of_the_vocabulary)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
