#include "harness/base/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void what_is_not_understood_is_refused(void **state) {
    (void)state;
    json_t *rows = json_load_file("suites/self/data/schema_refused.json", 0, NULL);
    assert_non_null(rows);
    assert_true(json_array_size(rows) > 30);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        struct schema *schema = NULL;
        struct hp_problem problem = {0};
        if (schema_compile(json_object_get(row, "schema"), &schema, &problem) != HP_INVALID) {
            fail_msg("row %zu was compiled", i);
        }
        assert_null(schema);
        assert_string_equal(problem.field, json_string_value(json_object_get(row, "field")));
    }
    json_decref(rows);
}

static void a_misspelt_keyword_gets_a_suggestion(void **state) {
    (void)state;
    json_t *source = json_loads("{\"requird\":[]}", 0, NULL);
    struct schema *schema = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(schema_compile(source, &schema, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "did you mean \"required\"?"));
    json_decref(source);
}

/* Schemas are nested 200 levels deep, not more; those that stand beside each other are not counted. */
static void the_depth_of_schemas_has_an_end(void **state) {
    (void)state;
    for (size_t levels = 200; levels <= 201; levels++) {
        json_t *source = json_object();
        for (size_t i = 1; i < levels; i++) {
            source = json_pack("{s:o}", "items", source);
        }
        struct schema *schema = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(schema_compile(source, &schema, &problem), levels == 200 ? HP_OK : HP_INVALID);
        assert_int_equal(schema != NULL, levels == 200);
        if (!schema) {
            assert_memory_equal(problem.detail,
                                "expected a schema: an object or a boolean, at most 200 levels deep", 66);
        }
        schema_free(schema);
        json_decref(source);
    }
    json_t *many = json_array();
    for (size_t i = 0; i < 300; i++) {
        json_array_append_new(many, json_object());
    }
    json_t *source = json_pack("{s:o}", "allOf", many);
    struct schema *schema = NULL;
    assert_int_equal(schema_compile(source, &schema, NULL), HP_OK);
    schema_free(schema);
    json_decref(source);
}

static void a_fault_says_what_was_expected(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"{\"type\":\"text\"}", "expected the name of a JSON type, got \"text\""},
        {"{\"type\":[]}", "expected at least one type, got []"},
        {"{\"enum\":1}", "expected an array of at least one value, got 1"},
        {"{\"minLength\":-1}", "expected an integer from 0 on, got -1"},
        {"{\"maximum\":null}", "expected a number, got null"},
        {"{\"uniqueItems\":1}", "expected a boolean, got 1"},
        {"{\"pattern\":\"[\"}", "expected a POSIX extended regular expression, got \"[\""},
        {"{\"pattern\":1}", "expected a pattern, got 1"},
        {"{\"required\":[1]}", "expected an array of keys, got [1]"},
        {"{\"properties\":1}", "expected an object of schemas, got 1"},
        {"{\"anyOf\":[]}", "expected an array of at least one schema, got []"},
        {"{\"$ref\":\"#/$defs/a\"}",
         "expected \"#\" or \"#/$defs/NAME\" of a definition at the top, got \"#/$defs/a\""},
        {"{\"items\":{\"$defs\":{}}}", "expected $defs at the top only, got {}"},
        {"{\"$defs\":1}", "expected an object of schemas in $defs, got 1"},
        {"{\"$ref\":\"#\"}", "expected references that end, got {\"$ref\":\"#\"}"},
        {"{\"qqqqqqqqqq\":1}", "expected a keyword of the subset, got \"qqqqqqqqqq\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = json_loads(rows[i][0], 0, NULL);
        struct schema *schema = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(schema_compile(source, &schema, &problem), HP_INVALID);
        assert_string_equal(problem.detail, rows[i][1]);
        json_decref(source);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_understood_is_refused),
                                       cmocka_unit_test(a_misspelt_keyword_gets_a_suggestion),
                                       cmocka_unit_test(the_depth_of_schemas_has_an_end),
                                       cmocka_unit_test(a_fault_says_what_was_expected)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
