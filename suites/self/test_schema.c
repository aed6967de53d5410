#include "harness/base/document.h"
#include "harness/base/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_corpus_is_judged_as_ajv_judges_it(void **state) {
    (void)state;
    json_t *corpus = json_load_file("suites/self/data/schema_corpus.json", 0, NULL);
    size_t count = 0;
    assert_non_null(corpus);
    for (size_t i = 0; i < json_array_size(corpus); i++) {
        json_t *row = json_array_get(corpus, i);
        json_t *tests = json_object_get(row, "tests");
        struct schema *schema = NULL;
        assert_int_equal(schema_compile(json_object_get(row, "schema"), &schema, NULL), HP_OK);
        for (size_t j = 0; j < json_array_size(tests); j++, count++) {
            json_t *test = json_array_get(tests, j);
            struct hp_problem problem = {0};
            enum hp_status status = schema_check(schema, json_object_get(test, "data"), &problem);
            bool valid = json_is_true(json_object_get(test, "valid"));
            if ((status == HP_OK) != valid) {
                fail_msg("schema %zu, test %zu: %s at %s", i, j, problem.detail, problem.field);
            }
            assert_int_equal(problem.detail[0] != '\0', !valid);
        }
        schema_free(schema);
    }
    json_decref(corpus);
    assert_true(count >= 120);
}

static void every_schema_of_the_fixtures_compiles(void **state) {
    (void)state;
    static const char *const names[] = {"case", "requirements", "vocabulary", "baseline"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[64] = "fixtures/schema/";
        struct schema *schema = NULL;
        struct hp_problem problem = {0};
        strcat(path, names[i]);
        strcat(path, ".json");
        assert_int_equal(document_read_schema(path, &schema, &problem), HP_OK);
        schema_free(schema);
    }
}

static void the_vocabulary_fits_its_schema(void **state) {
    (void)state;
    struct schema *schema = NULL;
    struct document document;
    struct hp_problem problem = {0};
    assert_int_equal(document_read_schema("fixtures/schema/vocabulary.json", &schema, &problem), HP_OK);
    assert_int_equal(document_read("fixtures/vocabulary.json", &document, &problem), HP_OK);
    assert_int_equal(document_check(&document, schema, &problem), HP_OK);
    document_release(&document);
    schema_free(schema);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_corpus_is_judged_as_ajv_judges_it),
                                       cmocka_unit_test(every_schema_of_the_fixtures_compiles),
                                       cmocka_unit_test(the_vocabulary_fits_its_schema)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
