#include "harness/case/case.h"
#include "suites/self/support_folder.h"
#include "suites/self/support_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ENTRY(id) "{\"id\":\"" id "\",\"level\":\"MUST\",\"source\":\"F4\",\"sentence\":\"S.\"}"

static void faults_name_file_line_and_path(void **state) {
    (void)state;
    static const struct {
        const char *text, *detail; /* detail NULL: it is taken */
        enum hp_status status;
    } rows[] = {
        {"{\"requirements\":[\n" ENTRY("REQ-A-2") ",\n" ENTRY("REQ-A-1") ",\n" ENTRY("REQ-A-2") "]}",
         "requirements.json:4: at /requirements/2/id: REQ-A-2 is there twice", HP_INVALID},
        {"{\"requirements\":[\n" ENTRY("REQ-A-1") ",\n" ENTRY("REQ-A-1") ",\n" ENTRY("REQ-A-2") "]}",
         "requirements.json:3: at /requirements/1/id: REQ-A-1 is there twice", HP_INVALID},
        {"{\"requirements\":[]}",
         "requirements.json:1: at /requirements: expected at least 1 elements, got []", HP_INVALID},
        {"{\"requirements\":[\n{\"id\":\"REQ-A-1\",\"level\":\"MAY\",\"source\":\"F4\",\"sentence\":\"S.\"}]"
         "}",
         "requirements.json:2: at /requirements/0/level: expected one of [\"MUST\",\"SHOULD\"], got \"MAY\"",
         HP_INVALID},
        {"{\"requirements\":[\n{\"id\":\"REQ-A-1\",\"level\":\"MUST\",\"source\":\"F4\",\"sentence\":\"S.\","
         "\n"
         "\"excluded\":\"later\"}]}",
         "requirements.json:3: at /requirements/0/excluded: expected at least 20 characters, got \"later\"",
         HP_INVALID},
        {"{\"requirements\":[", "requirements.json:1:18: not JSON: a value was expected", HP_INVALID},
        {NULL, "requirements.json: No such file or directory", HP_UNAVAILABLE},
        {"{\"requirements\":[\n" ENTRY("REQ-A-1") "]}", NULL, HP_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[512];
        struct suite *suite = NULL;
        struct hp_problem problem = {0};
        const char *folder = fixtures_of_case(STEPS(PROOF));
        snprintf(path, sizeof path, "%s/requirements.json", folder);
        assert_true(rows[i].text ? fixtures_write("requirements.json", rows[i].text) : remove(path) == 0);
        assert_int_equal(suite_load(folder, &suite, &problem), rows[i].status);
        size_t begin = strlen(folder) + 1;
        if (rows[i].detail &&
            (strncmp(problem.detail, folder, begin - 1) != 0 ||
             strncmp(problem.detail + begin, rows[i].detail, strlen(rows[i].detail)) != 0)) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        suite_free(suite);
    }
    fixtures_remove();
}

static void each_requirement_is_found_by_its_id(void **state) {
    (void)state;
    static const char *const ids[] = {"REQ-B-2", "REQ-A-1", "REQ-C-10", "REQ-B-1", "REQ-C-1", "REQ-A-10"};
    struct suite *suite = NULL;
    const char *folder = fixtures_of_case(STEPS(PROOF));
    assert_true(fixtures_write(
        "requirements.json",
        "{\"requirements\":[" ENTRY("REQ-B-2") "," ENTRY("REQ-A-1") "," ENTRY("REQ-C-10") "," ENTRY(
            "REQ-B-1") "," ENTRY("REQ-C-1") ",{\"id\":\"REQ-A-10\",\"level\":\"SHOULD\",\"source\":"
                                            "\"decided\","
                                            "\"sentence\":\"Last.\",\"excluded\":\"no case can see this at "
                                            "all\"}]}"));
    assert_int_equal(suite_load(folder, &suite, NULL), HP_OK);
    assert_int_equal(suite->requirement_count, sizeof ids / sizeof ids[0]);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        assert_ptr_equal(suite_requirement(suite, ids[i]), &suite->requirements[i]);
        assert_string_equal(suite->requirements[i].id, ids[i]);
    }
    const struct requirement *last = suite_requirement(suite, "REQ-A-10");
    assert_string_equal(last->level, "SHOULD");
    assert_string_equal(last->source, "decided");
    assert_string_equal(last->sentence, "Last.");
    assert_string_equal(last->excluded, "no case can see this at all");
    assert_null(suite->requirements[0].excluded);
    static const char *const strangers[] = {"", "REQ-A", "REQ-A-2", "REQ-B-3", "REQ-Z-1"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        assert_null(suite_requirement(suite, strangers[i]));
    }
    suite_free(suite);
    fixtures_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_name_file_line_and_path),
                                       cmocka_unit_test(each_requirement_is_found_by_its_id)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
