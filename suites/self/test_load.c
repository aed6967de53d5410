#include "harness/case/case.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define IDS "\"request_id\":\"r-{run}\",\"user_id\":\"u-{run}\",\"session_id\":\"s-{run}\""
#define CREATE "{\"op\":\"interrupt.create\",\"args\":{" IDS "},\"bind\":{\"id\":\"/interrupt/id\"}}"
#define GET "{\"op\":\"interrupt.get\",\"args\":{\"id\":\"$id\"},\"requirement\":\"REQ-A-1\"}"
#define REFUSED                                                                                              \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":\"not_found\","           \
    "\"requirement\":\"REQ-A-1\"}"
#define LIST(args, expect)                                                                                   \
    "{\"op\":\"interrupt.list\",\"args\":" args ",\"expect\":" expect ",\"requirement\":\"REQ-A-1\"}"
#define STEPS(list) "\"steps\": [" list "]"
#define CASE(id) "{\"id\":\"" id "\",\"title\":\"t\",\"level\":\"MUST\"," STEPS(CREATE "," GET) "}"

static const struct {
    const char *members, *detail;
} faults[] = {
    {"\"step\": []", "one.json:2: at /cases/0/step: expected a known key, got the unknown key \"step\"; did "
                     "you mean \"steps\"?"},
    {STEPS(CREATE ",\n{\"op\":\"interrupt.gte\",\"args\":{}}"),
     "one.json:3: at /cases/0/steps/1/op: interrupt.gte is no method for cases; did you mean interrupt.get?"},
    {STEPS(GET), "/cases/0/steps/0/args/id: $id is bound by no earlier step"},
    {STEPS(CREATE ",{\"op\":\"interrupt.get\",\"args\":{\"id\":\"$ib\"}}"), "did you mean $id?"},
    {STEPS(CREATE ",{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-A-9\"}"),
     "requirements.json has no REQ-A-9; did you mean REQ-A-1?"},
    {STEPS(CREATE ",{\"op\":\"describe\",\"args\":{},\"requirement\":[\"REQ-A-1\",\"REQ-A-3\"]}"),
     "/requirement/1: REQ-A-3 is excluded"},
    {STEPS(CREATE), "no step names a requirement"},
    {"\"level\": \"SHOULD\"," STEPS(CREATE "," GET), "the case is SHOULD, but all its requirements are MUST"},
    {STEPS(REFUSED), "a refused step needs a twin later"},
    {STEPS(REFUSED ",{\"twin_of\":\"no\",\"set\":{\"/id\":\"x\"}}"), "/set: the twin changes nothing"},
    {STEPS(REFUSED ",{\"twin_of\":\"on\",\"set\":{\"/id\":\"y\"}}"), "no earlier step has the name on"},
    {STEPS(REFUSED ",{\"twin_of\":\"no\",\"set\":{\"/a/b\":1}}"), "/a/b leads nowhere"},
    {STEPS(REFUSED ",{\"twin_of\":\"no\",\"remove\":\"/b\"}"), "there is no /b to remove"},
    {STEPS(REFUSED ",{\"twin_of\":\"no\",\"remove\":\"/id\",\"set\":{\"/id\":1}}"),
     "exactly one of set, remove and raw"},
    {STEPS("{\"op\":\"describe\"}"), "expected either args or raw"},
    {STEPS(LIST("{}", "{}")), "/expect: {} matches every object"},
    {STEPS(LIST("{}", "{\"a\":{\"$uuidd\":true}}")),
     "$uuidd is no matcher, or does not stand alone in its object; did you mean $uuid?"},
    {STEPS(LIST("{\"a\":{\"$repaet\":1}}", "1")), "$repaet is no generator"},
    {STEPS(LIST("{\"a\":{\"$instant\":\"2025-01-01T00:00:00Z\"}}", "1")),
     "$instant is for cases with \"fixed\": true"},
    {"\"needs\":[\"wall_clock\"]," STEPS(LIST("{\"a\":{\"$at\":1}}", "1")), "does not know its start"},
    {"\"needs\":[\"wall_clock\"],\"start\":\"2025-01-01T00:00:00Z\"," STEPS(CREATE "," GET),
     "neither start nor fixed"},
    {STEPS("{\"clock\":5},{\"clock\":4}," CREATE "," GET), "/steps/1: the clock would go back"},
    {STEPS("{\"op\":\"interrupt.create\",\"args\":{\"user_id\":\"ann\"},\"requirement\":\"REQ-A-1\"}"),
     "the user_id of a creation must hold {run}"},
    {"\"rows\":{\"a\":{\"x\":1},\"b\":{\"y\":1}}," STEPS(CREATE "," GET),
     "/rows/b: every row binds the same names; this one lacks x"},
};

static void every_fault_of_a_case_names_its_place(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct suite *suite = &(struct suite){0};
        struct hp_problem problem = {0};
        if (suite_load(fixtures_of_case(faults[i].members), &suite, &problem) != HP_INVALID ||
            !strstr(problem.detail, faults[i].detail) || !strstr(problem.detail, "one.json:")) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        assert_null(suite);
    }
    fixtures_remove();
}

static void a_case_is_loaded_with_what_its_steps_imply(void **state) {
    (void)state;
    static const char *const needs[] = {"clock", "concurrent", "create", "describe", "endpoints", "get"};
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    const char *folder =
        fixtures_of_case("\"rows\":{\"one\":{\"x\":1},\"two\":{\"x\":2}},\"needs\":[\"concurrent\"]," STEPS(
            CREATE "," REFUSED ",{\"twin_of\":\"no\",\"set\":{\"/id\":\"$id\"}},{\"clock\":1},"
                   "{\"op\":\"describe\",\"args\":{\"x\":\"$x\"},\"endpoint\":1}"));
    assert_int_equal(suite_load(folder, &suite, &problem), HP_OK);
    assert_int_equal(suite->case_count, 2);
    assert_int_equal(suite->template_count, 1);
    assert_int_equal(strlen(suite->digest), 64);
    const struct test_case *test_case = suite_case(suite, "kinds.a.two");
    assert_non_null(test_case);
    assert_null(suite_case(suite, "kinds.a"));
    assert_string_equal(suite_requirement(suite, "REQ-A-2")->level, "SHOULD");
    assert_int_equal(test_case->need_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(test_case->needs[i], needs[i]);
    }
    assert_int_equal(test_case->endpoints, 2);
    assert_string_equal(test_case->steps[2].method, "interrupt.get");
    suite_free(suite);
    fixtures_remove();
}

static void faults_between_files_name_both(void **state) {
    (void)state;
    static const struct {
        const char *first, *name, *second, *detail;
    } rows[] = {
        {"{\"cases\":[" CASE("kinds.a") "]}", "cases/kinds/two.json", "{\"cases\":[\n" CASE("kinds.a") "]}",
         "two.json:2: the id kinds.a is taken already at "},
        {"{\"cases\":[" CASE("users.a") "]}", "file.json", "", "expected an id that begins with \"kinds.\""},
        {"{\"cases\":[", "file.json", "", "one.json:1:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct suite *suite = NULL;
        struct hp_problem problem = {0};
        const char *folder = fixtures_new(rows[i].first);
        assert_true(fixtures_write(rows[i].name, rows[i].second));
        if (suite_load(folder, &suite, &problem) != HP_INVALID || !strstr(problem.detail, rows[i].detail)) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
    }
    fixtures_remove();
}

/* What lies among the fixtures is not looked at, but for the requirements. */
static void files_are_loaded_alone(void **state) {
    (void)state;
    static const struct {
        const char *text, *detail; /* NULL: it can be loaded */
    } rows[] = {
        {"{\"cases\":[" CASE("users.a") "," CASE("users.b") "]}", NULL},
        {"{\"cases\":[" CASE("users.a") "," CASE("kinds.b") "]}",
         "expected an id that begins with \"users.\""},
        {"{\"cases\":[" CASE("usres.a") "]}",
         "/cases/0/id: expected an id that begins with a chapter, got \"usres.a\"; "
         "did you mean users?"},
        {"{\"cases\":[]}", "other.json:1:"},
        {"{", "other.json:1:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct suite *suite = NULL;
        struct hp_problem problem = {0};
        char path[512];
        const char *folder = fixtures_new("this is not even read");
        assert_true(fixtures_write("other.json", rows[i].text));
        snprintf(path, sizeof path, "%s/other.json", folder);
        const char *const paths[] = {path};
        enum hp_status status = suite_load_files(folder, paths, 1, &suite, &problem);
        if (status != (rows[i].detail ? HP_INVALID : HP_OK) ||
            (rows[i].detail && !strstr(problem.detail, rows[i].detail))) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        assert_true(rows[i].detail || (suite->case_count == 2 && suite_case(suite, "users.b")));
        suite_free(suite);
    }
    fixtures_remove();
}

static void a_file_that_is_not_there_is_told(void **state) {
    (void)state;
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    static const char *const paths[] = {"nowhere/a.json"};
    assert_int_equal(suite_load_files("fixtures", paths, 1, &suite, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "nowhere/a.json"));
    assert_null(suite);
}

static void digest_of_named(const char *first, const char *name, const char *second, char digest[65]) {
    struct suite *suite = NULL;
    const char *folder = fixtures_new(first);
    assert_true(!second || fixtures_write(name, second));
    assert_int_equal(suite_load(folder, &suite, NULL), HP_OK);
    memcpy(digest, suite->digest, 65);
    suite_free(suite);
}

static void digest_of(const char *first, const char *second, char digest[65]) {
    digest_of_named(first, "cases/kinds/two.json", second, digest);
}

/* The digest is of what was read, wherever it lies; each call makes another folder. */
static void the_digest_tells_suites_apart(void **state) {
    (void)state;
    static const char one[] = "{\"cases\":[" CASE("kinds.a") "]}";
    static const char two[] = "{\"cases\":[" CASE("kinds.b") "]}";
    char digest[65], again[65], other[65];
    digest_of(one, two, digest);
    digest_of(one, two, again);
    assert_string_equal(digest, again);
    digest_of(two, one, other);
    assert_string_not_equal(digest, other);
    digest_of(one, NULL, other);
    assert_string_not_equal(digest, other);
    digest_of_named(one, "cases/kinds/zwo.json", two, other);
    assert_string_not_equal(digest, other);
    digest_of("{\"cases\":[" CASE("kinds.a") "] }", two, other);
    assert_string_not_equal(digest, other);
    fixtures_remove();
}

/* Makes the folder of a chapter below the folder of fixtures. */
static void make_chapter(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/cases/%s", folder, name);
    assert_int_equal(mkdir(path, S_IRWXU), 0);
}

static void chapters_come_in_their_order(void **state) {
    (void)state;
    struct suite *suite = NULL;
    char note[512];
    const char *folder = fixtures_new("{\"cases\":[" CASE("kinds.z") "," CASE("kinds.a") "]}");
    make_chapter(folder, "users");
    assert_true(fixtures_write("cases/users/one.json", "{\"cases\":[" CASE("users.a") "]}"));
    assert_true(fixtures_write("cases/kinds/two.json", "{\"cases\":[" CASE("kinds.b") "]}"));
    assert_true(fixtures_write("cases/kinds/note.txt", "no JSON"));
    snprintf(note, sizeof note, "%s/cases/kinds/note.txt", folder);
    static const char *const ids[] = {"kinds.z", "kinds.a", "kinds.b", "users.a"};
    assert_int_equal(suite_load(folder, &suite, NULL), HP_OK);
    assert_int_equal(remove(note), 0);
    assert_int_equal(suite->case_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(suite->cases[i].id, ids[i]);
        assert_ptr_equal(suite_case(suite, ids[i]), &suite->cases[i]);
    }
    suite_free(suite);
    fixtures_remove();
}

static void a_folder_that_is_no_chapter_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {"kind", "kindz"}; /* read before kinds, and behind it */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct suite *suite = NULL;
        struct hp_problem problem = {0};
        char wanted[600];
        const char *folder = fixtures_new("{\"cases\":[" CASE("kinds.a") "]}");
        make_chapter(folder, names[i]);
        assert_int_equal(suite_load(folder, &suite, &problem), HP_INVALID);
        snprintf(wanted, sizeof wanted, "%s/cases/%s: no chapter; did you mean kinds?", folder, names[i]);
        assert_string_equal(problem.detail, wanted);
        fixtures_remove();
    }
}

static void a_suite_without_cases_is_refused(void **state) {
    (void)state;
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    char path[512];
    const char *folder = fixtures_new("");
    snprintf(path, sizeof path, "%s/cases/kinds/one.json", folder);
    assert_int_equal(remove(path), 0);
    assert_int_equal(suite_load(folder, &suite, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "/cases: no cases at all"));
    memset(&problem, 0, sizeof problem);
    assert_int_equal(suite_load("no/such/folder", &suite, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "no/such/folder/"));
    suite_free(NULL);
    fixtures_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_fault_of_a_case_names_its_place),
                                       cmocka_unit_test(a_case_is_loaded_with_what_its_steps_imply),
                                       cmocka_unit_test(faults_between_files_name_both),
                                       cmocka_unit_test(files_are_loaded_alone),
                                       cmocka_unit_test(a_file_that_is_not_there_is_told),
                                       cmocka_unit_test(the_digest_tells_suites_apart),
                                       cmocka_unit_test(chapters_come_in_their_order),
                                       cmocka_unit_test(a_folder_that_is_no_chapter_is_refused),
                                       cmocka_unit_test(a_suite_without_cases_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
