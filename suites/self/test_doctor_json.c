#include "harness/report/doctor_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/base/document.h"

/* Held against its schema. The caller decrefs it. */
static json_t *render(const struct checkup *checkup) {
    struct text text = {0};
    struct schema *schema = NULL;
    struct hp_problem problem = {0};
    doctor_add_json(&text, checkup);
    assert_false(text.failed);
    json_t *root = json_loadb(text.bytes, text.length_bytes, 0, NULL);
    assert_non_null(root);
    assert_int_equal(document_read_schema("fixtures/schema/doctor.json", &schema, &problem), HP_OK);
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

static const char *text_at(const json_t *root, size_t index, const char *key) {
    return json_string_value(json_object_get(json_array_get(json_object_get(root, "checks"), index), key));
}

static json_int_t count_of(const json_t *root, const char *key) {
    return json_integer_value(json_object_get(json_object_get(root, "counts"), key));
}

static void everything_is_in_it(void **state) {
    (void)state;
    struct checkup checkup = {.target = text_copy("stdio:./a"),
                              .next = text_copy("go"),
                              .by_hand = text_copy("by hand"),
                              .log = text_copy("\xff\n")};
    checkup_add(&checkup, "hello", "answers");
    checkup_add(&checkup, "pending_for_request", "answers it");
    checkup_add(&checkup, "left-behind", "leaves nobody");
    checkup_pass(&checkup, "hello", "slowly");
    checkup_fail(&checkup, "left-behind", "nobody", "end \"them\"", "It left %d.", 2);
    json_t *root = render(&checkup);
    assert_string_equal(json_string_value(json_object_get(root, "conclusion")), "faulty");
    assert_string_equal(json_string_value(json_object_get(root, "target")), "stdio:./a");
    assert_string_equal(json_string_value(json_object_get(root, "next")), "go");
    assert_string_equal(json_string_value(json_object_get(root, "by_hand")), "by hand");
    assert_string_equal(json_string_value(json_object_get(root, "log")), "\xef\xbf\xbd\n");
    assert_true(json_is_null(json_object_get(root, "who")));
    assert_string_equal(text_at(root, 0, "state"), "ok");
    assert_string_equal(text_at(root, 0, "note"), "slowly");
    assert_string_equal(text_at(root, 1, "state"), "not_tried");
    assert_string_equal(text_at(root, 2, "state"), "fails");
    assert_string_equal(text_at(root, 2, "did"), "It left 2.");
    assert_string_equal(text_at(root, 2, "expected"), "nobody");
    assert_string_equal(text_at(root, 2, "mend"), "end \"them\"");
    assert_int_equal(count_of(root, "checks"), 3);
    assert_int_equal(count_of(root, "ok") + count_of(root, "fails") + count_of(root, "not_tried"), 3);
    json_decref(root);
    checkup_release(&checkup);
}

static void without_a_fault_it_is_healthy(void **state) {
    (void)state;
    struct checkup checkup = {.target = text_copy("memory"), .next = text_copy("go")};
    checkup_add(&checkup, "hello", "answers");
    checkup_pass(&checkup, "hello", NULL);
    json_t *root = render(&checkup);
    assert_string_equal(json_string_value(json_object_get(root, "conclusion")), "healthy");
    json_decref(root);
    checkup_release(&checkup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_in_it),
        cmocka_unit_test(without_a_fault_it_is_healthy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
