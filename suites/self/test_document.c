#include "harness/base/document.h"
#include "reference/base/text.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static void faults_name_file_line_and_column(void **state) {
    (void)state;
    static const struct {
        const char *text, *detail;
    } rows[] = {
        {"{\n \"a\": }", ":2:7: not JSON: a value was expected"},
        {"{\"a\":1,\n\"a\":2}", ":2:4: not JSON: a key must not come twice"},
        {"{\"a\":\n \"x\\u0000\"}", ":2:"},
        {"", ":1:1: not JSON: a value was expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[300];
        struct document document;
        struct hp_problem problem = {0};
        snprintf(path, sizeof path, "%s/file.json", fixtures_new("{}"));
        assert_true(fixtures_write("file.json", rows[i].text));
        assert_int_equal(document_read(path, &document, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, rows[i].detail));
        assert_non_null(strstr(problem.detail, "file.json"));
        document_release(&document);
    }
    fixtures_remove();
}

static void a_missing_file_is_unavailable(void **state) {
    (void)state;
    struct document document;
    struct schema *schema = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(document_read("no/such/file.json", &document, &problem), HP_UNAVAILABLE);
    assert_string_equal(problem.detail, "no/such/file.json: No such file or directory");
    document_release(&document);
    assert_int_equal(document_read_schema("no/such/file.json", &schema, NULL), HP_UNAVAILABLE);
    assert_int_equal(document_read("suites", &document, NULL), HP_UNAVAILABLE);
    document_release(&document);
}

static void a_check_names_the_line(void **state) {
    (void)state;
    char path[300];
    struct document document;
    struct schema *schema = NULL;
    struct hp_problem problem = {0};
    snprintf(path, sizeof path, "%s/file.json", fixtures_new("{}"));
    assert_true(fixtures_write("file.json",
                               "{\"requirements\": [\n {\"id\": \"REQ-A-1\",\n  \"levle\": \"MUST\"}]}"));
    assert_int_equal(document_read_schema("fixtures/schema/requirements.json", &schema, NULL), HP_OK);
    assert_int_equal(document_read(path, &document, NULL), HP_OK);
    assert_int_equal(document_check(&document, schema, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail,
                           "file.json:3: at /requirements/0/levle: expected a known key, got the "
                           "unknown key \"levle\"; did you mean \"level\"?"));
    schema_free(schema);
    schema = NULL;
    memset(&problem, 0, sizeof problem);
    assert_true(fixtures_write("file.json", "{\n\"typ\": 1}"));
    assert_int_equal(document_read_schema(path, &schema, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "file.json:2: at /typ: "));
    document_release(&document);
    fixtures_remove();
}

static void a_file_past_the_cap_is_refused(void **state) {
    (void)state;
    char path[300];
    struct document document;
    struct hp_problem problem = {0};
    size_t length = DOCUMENT_CAP_BYTES + 1;
    char *text = malloc(length + 1);
    assert_non_null(text);
    memset(text, ' ', length);
    text[length] = '\0';
    snprintf(path, sizeof path, "%s/file.json", fixtures_new("{}"));
    assert_true(fixtures_write("file.json", text));
    assert_int_equal(document_read(path, &document, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "larger than 16777216 bytes"));
    free(text);
    document_release(&document);
    fixtures_remove();
}

/* A message that does not fit ends with a whole character, wherever the cut falls. */
static void a_long_fault_is_cut_between_characters(void **state) {
    (void)state;
    char words[HP_PROBLEM_DETAIL_SIZE + 64];
    struct document document = {.path = (char *)"a.json", .text = (char *)"{}", .length_bytes = 2};
    for (size_t blanks = 0; blanks < 2; blanks++) {
        struct hp_problem problem = {0};
        memset(words, ' ', blanks);
        for (size_t i = blanks; i + 2 < sizeof words; i += 2) {
            memcpy(words + i, "\xc3\xa9", 3);
        }
        assert_int_equal(document_fault(&document, "/x", &problem, "%s", words), HP_INVALID);
        assert_memory_equal(problem.detail, "a.json:1: at /x: ", 17);
        assert_true(text_is_utf8(problem.detail, strlen(problem.detail)));
        assert_true(strlen(problem.detail) > HP_PROBLEM_DETAIL_SIZE - 4);
    }
}

static void a_fault_of_the_whole_is_at_the_top(void **state) {
    (void)state;
    struct document document = {.path = (char *)"a.json", .text = (char *)"\n\n[]", .length_bytes = 4};
    struct hp_problem problem = {0};
    assert_int_equal(document_fault(&document, "", &problem, "expected %s", "an object"), HP_INVALID);
    assert_string_equal(problem.detail, "a.json:3: at the top: expected an object");
    assert_string_equal(problem.field, "");
}

static void a_file_at_the_cap_is_read(void **state) {
    (void)state;
    static const char begin[] = "{\"a\": \"xyz\"}";
    char path[300];
    struct document document;
    char *text = malloc((size_t)DOCUMENT_CAP_BYTES + 1);
    assert_non_null(text);
    memset(text, ' ', DOCUMENT_CAP_BYTES);
    text[DOCUMENT_CAP_BYTES] = '\0';
    memcpy(text, begin, sizeof begin - 1);
    snprintf(path, sizeof path, "%s/file.json", fixtures_new("{}"));
    assert_true(fixtures_write("file.json", text));
    assert_int_equal(document_read(path, &document, NULL), HP_OK);
    assert_int_equal(document.length_bytes, DOCUMENT_CAP_BYTES);
    assert_int_equal(json_string_length(json_object_get(document.root, "a")), 3);
    document_release(&document);
    assert_null(document.root);
    free(text);
    fixtures_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_name_file_line_and_column),
                                       cmocka_unit_test(a_missing_file_is_unavailable),
                                       cmocka_unit_test(a_check_names_the_line),
                                       cmocka_unit_test(a_file_past_the_cap_is_refused),
                                       cmocka_unit_test(a_long_fault_is_cut_between_characters),
                                       cmocka_unit_test(a_fault_of_the_whole_is_at_the_top),
                                       cmocka_unit_test(a_file_at_the_cap_is_read)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
