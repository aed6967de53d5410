#include "harness/report/drift_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/base/document.h"
#include "suites/self/support_drift.h"

/* The report as JSON, held against its schema. The caller decrefs it. */
static json_t *render(const struct drift_report *report) {
    struct text text = {0};
    struct schema *schema = NULL;
    struct hp_problem problem = {0};
    drift_add_json(&text, report);
    assert_false(text.failed);
    json_t *root = json_loadb(text.bytes, text.length_bytes, 0, NULL);
    assert_non_null(root);
    assert_int_equal(document_read_schema("fixtures/schema/drift.json", &schema, &problem), HP_OK);
    const struct document document = {
        .path = text_copy("report"), .text = text.bytes, .length_bytes = text.length_bytes, .root = root};
    enum hp_status status = document_check(&document, schema, &problem);
    assert_string_equal(problem.detail, "");
    assert_int_equal(status, HP_OK);
    free(document.path);
    schema_free(schema);
    text_release(&text);
    return root;
}

static const char *text_at(const json_t *root, const char *list, size_t index, const char *key) {
    return json_string_value(json_object_get(json_array_get(json_object_get(root, list), index), key));
}

static void everything_is_in_it(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_full(&report);
    json_t *root = render(&report);
    assert_string_equal(json_string_value(json_object_get(root, "conclusion")), "drifts");
    assert_int_equal(json_array_size(json_object_get(root, "checks")), DRIFT_SAMPLE_CHECKS);
    assert_int_equal(json_array_size(json_object_get(root, "findings")), 3);
    assert_string_equal(text_at(root, "findings", 0, "check"), "kind-missing");
    assert_string_equal(text_at(root, "findings", 0, "severity"), "error");
    assert_string_equal(text_at(root, "findings", 0, "audit"), "F1");
    assert_string_equal(text_at(root, "findings", 0, "requirement"), "REQ-TABLE-5");
    assert_non_null(strstr(text_at(root, "findings", 0, "what"), "is refused."));
    assert_null(text_at(root, "findings", 1, "audit"));
    assert_string_equal(text_at(root, "findings", 2, "mend"), "first;\nsecond;");
    assert_string_equal(text_at(root, "checks", 3, "state"), "undecided");
    assert_string_equal(text_at(root, "checks", 4, "reason"), "kind-missing must be mended first");
    json_decref(root);
    drift_report_release(&report);
}

static void the_counts_add_up(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_full(&report);
    json_t *root = render(&report);
    json_t *wanted = json_loads(
        "{\"checks\":5,\"skipped\":1,\"clean\":0,\"found\":3,\"undecided\":1,\"findings\":3}", 0, NULL);
    assert_true(json_equal(json_object_get(root, "counts"), wanted));
    json_decref(wanted);
    json_decref(root);
    drift_report_release(&report);
}

static void a_clean_one_conforms(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_clean(&report);
    json_t *root = render(&report);
    assert_string_equal(json_string_value(json_object_get(root, "subject")), "the database flows");
    assert_string_equal(json_string_value(json_object_get(root, "conclusion")), "conforms");
    assert_int_equal(json_array_size(json_object_get(root, "findings")), 0);
    json_decref(root);
    drift_report_release(&report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_in_it),
        cmocka_unit_test(the_counts_add_up),
        cmocka_unit_test(a_clean_one_conforms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
