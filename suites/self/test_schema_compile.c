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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_understood_is_refused),
                                       cmocka_unit_test(a_misspelt_keyword_gets_a_suggestion)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
