#include "harness/case/case.h"
#include "suites/self/support_folder.h"
#include "suites/self/support_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KNOWN "expected a known key, got the unknown key "
#define SAME "every row binds the same names"
#define N10(p)                                                                                               \
    "\"" p "0\":0,\"" p "1\":0,\"" p "2\":0,\"" p "3\":0,\"" p "4\":0,\"" p "5\":0,\"" p "6\":0,\"" p        \
    "7\":0,\"" p "8\":0,\"" p "9\":0"
#define N32 N10("a") "," N10("b") "," N10("c") ",\"d0\":0,\"d1\":0"

static const struct faulty_case faults[] = {
    {"\"kills_nothing\":\"so\"," STEPS(PROOF), 2, "/kills_nothing",
     "expected at least 20 characters, got \"so\""},
    {"\"fixd\":true," STEPS(PROOF), 2, "/fixd", KNOWN "\"fixd\"; did you mean \"fixed\"?"},
    {"\"zzzzzzzzz\":true," STEPS(PROOF), 2, "/zzzzzzzzz", KNOWN "\"zzzzzzzzz\""},
    {"\"fixed\":1," STEPS(PROOF), 2, "/fixed", "expected boolean, got 1"},
    {"\"steps\":[]", 2, "/steps", "expected at least 1 elements, got []"},
    {"\n\"start\":\"2025-01-01\"," STEPS(PROOF), 3, "/start", "expected an RFC 3339 time with an offset"},
    {"\n\"start\":\"2025-01-01T00:00:00\"," STEPS(PROOF), 3, "/start",
     "expected an RFC 3339 time with an offset"},
    {"\"needs\":[\"clocks\"]," STEPS(PROOF), 2, "/needs/0",
     "expected one of "
     "[\"create\",\"get\",\"list\",\"respond\",\"cancel\",\"expire_pending\",\"pending_for_request\","
     "\"events\",\"describe\",\"envelope\",\"flow\",\"kernel\",\"ratelimit\",\"webhooks\",\"clock\","
     "\"reset\",\"instants\",\"concurrent\",\"endpoints\",\"wall_clock\",\"database\",\"processes\","
     "\"restart\",\"http\",\"http_create\",\"http_strict\",\"http_cursor\",\"http_sweep\",\"http_flows\","
     "\"problem_json\",\"idempotency\","
     "\"healthz\",\"openapi\"], got \"clocks\""},
    {"\"null_ok\":{\"echoes\":\"x\"}," STEPS(PROOF), 2, "/null_ok/echoes",
     "expected one of [\"empty\",\"accept-all\",\"reject-all\",\"echo\",\"constant\",\"drop-connection\"], "
     "got "
     "\"echoes\""},
    {"\"rows\":{}," STEPS(PROOF), 2, "/rows", "expected at least 1 members, got {}"},
    {"\"rows\":{\"a\":{}}," STEPS(PROOF), 2, "/rows/a", "expected at least 1 members, got {}"},
    {"\"rows\":{\"A\":{\"x\":1}}," STEPS(PROOF), 2, "/rows/A",
     "expected text that matches ^[a-z0-9_-]+([.][a-z0-9_-]+)*$, got \"A\""},
    {"\"rows\":{\"a\":{\"x-y\":1}}," STEPS(PROOF), 2, "/rows/a/x-y",
     "expected text that matches ^[A-Za-z_][A-Za-z0-9_]*$, got \"x-y\""},
    {"\"rows\":{\"a\":{\"x\":1},\n\"b\":{\"y\":1}}," STEPS(PROOF), 3, "/rows/b", SAME "; this one lacks x"},
    {"\"rows\":{\"a\":{\"x\":1,\"y\":1},\n\"b\":{\"x\":1,\"z\":1}}," STEPS(PROOF), 3, "/rows/b",
     SAME "; this one lacks y"},
    {"\"rows\":{\"a\":{\"x\":1},\n\"b\":{\"x\":1,\"y\":1}}," STEPS(PROOF), 3, "/rows/b", SAME ", at most 32"},
    {"\"rows\":{\"a\":{\"x\":1,\"y\":1},\n\"b\":{\"x\":1}}," STEPS(PROOF), 3, "/rows/b", SAME ", at most 32"},
    {"\"rows\":{\n\"a\":{" N32 ",\"d2\":0}}," STEPS(PROOF), 3, "/rows/a", SAME ", at most 32"},
    {"\"rows\":{\"a\":{\"x\":1,\n\"y\":\"$x\"}}," STEPS(PROOF), 3, "/rows/a/y",
     "$x is bound by no earlier step and no row"},
    {"\"rows\":{\"a\":{\"x\":\n{\"$fill\":{\"bytes\":9}}}}," STEPS(PROOF), 3, "/rows/a/x/$fill",
     "$fill stands once, in args only"},
    {"\"rows\":{\"a\":{\"x\":{\"$instant\":\"2025-01-01T00:00:00Z\"}}}," STEPS(PROOF), 2,
     "/rows/a/x/$instant", "$instant is for cases with \"fixed\": true; use $at"},
    {"\"needs\":[\"wall_clock\"],\"rows\":{\"a\":{\"x\":{\"$at\":1}}}," STEPS(PROOF), 2, "/rows/a/x/$at",
     "a wall_clock case does not know its start: use $plus or $between"},
};

static void faults_of_a_case_name_their_place(void **state) {
    (void)state;
    assert_refused_cases(faults, sizeof faults / sizeof faults[0]);
}

static void ids_belong_to_their_chapter(void **state) {
    (void)state;
    static const struct {
        const char *id, *message;
    } rows[] = {
        {"users.a", "expected an id that begins with \"kinds.\", the folder's name, got \"users.a\""},
        {"kind.s", "expected an id that begins with \"kinds.\", the folder's name, got \"kind.s\""},
        {"kindsmore.a", "expected an id that begins with \"kinds.\", the folder's name, got \"kindsmore.a\""},
        {"kinds", "expected text that matches ^[a-z]+([.][a-z0-9_-]+)+$, got \"kinds\""},
        {"kinds.A", "expected text that matches ^[a-z]+([.][a-z0-9_-]+)+$, got \"kinds.A\""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024], wanted[1024];
        struct suite *suite = NULL;
        struct hp_problem problem = {0};
        snprintf(text, sizeof text,
                 "{\"cases\":[\n\n{\"title\":\"t\",\"level\":\"MUST\",\n\"id\":\"%s\"," STEPS(PROOF) "}]}",
                 rows[i].id);
        const char *folder = fixtures_new(text);
        assert_int_equal(suite_load(folder, &suite, &problem), HP_INVALID);
        snprintf(wanted, sizeof wanted, "%s/cases/kinds/one.json:4: at /cases/0/id: %s", folder,
                 rows[i].message);
        assert_string_equal(problem.detail, wanted);
    }
    fixtures_remove();
}

/* Members and steps, and what the case then needs. */
static void needs_follow_from_what_a_case_does(void **state) {
    (void)state;
    static const struct {
        const char *members, *needs;
        unsigned endpoints;
    } rows[] = {
        {STEPS(PROOF), "describe", 1},
        {STEPS(CREATE ",\n" GET "," GET), "create get", 1},
        {STEPS(REFUSED "," TWIN), "get", 1},
        {STEPS(PROOF ",{\"op\":\"interrupt.list\",\"args\":{}}"), "describe list", 1},
        {"\"needs\":[\"reset\",\"concurrent\"]," STEPS(PROOF), "concurrent describe reset", 1},
        {"\"needs\":[\"describe\"]," STEPS(PROOF), "describe", 1},
        {"\"start\":\"2024-02-29T00:00:00Z\"," STEPS(PROOF), "clock describe", 1},
        {STEPS("{\"clock\":1}," PROOF), "clock describe", 1},
        {"\"needs\":[\"wall_clock\"]," STEPS("{\"clock\":1}," PROOF), "describe", 1},
        {STEPS("{\"op\":\"describe\",\"args\":{\"a\":{\"$at\":1}},\"requirement\":\"REQ-A-1\"}"),
         "clock describe", 1},
        {STEPS(
             "{\"op\":\"describe\",\"args\":{},\"expect\":{\"a\":{\"$at\":1}},\"requirement\":\"REQ-A-1\"}"),
         "clock describe", 1},
        {"\"rows\":{\"a\":{\"x\":{\"$at\":1}}}," STEPS(PROOF), "clock describe", 1},
        {"\"fixed\":true,\"rows\":{\"a\":{\"x\":{\"$instant\":\"2024-02-29T00:00:00Z\"}}}," STEPS(PROOF),
         "clock describe", 1},
        {"\"fixed\":true," STEPS(PROOF), "describe", 1},
        {"\"needs\":[\"endpoints\"]," STEPS(PROOF), "describe endpoints", 2},
        {"\"needs\":[\"reset\",\"endpoints\"]," STEPS(PROOF), "describe endpoints reset", 2},
        {STEPS("{\"play\":\"drift.database\",\"args\":{\"checks\":[\"kind-missing\"]},\"expect\":1,"
               "\"requirement\":\"REQ-"
               "A-1\"}"),
         "database", 1},
        {STEPS(PROOF ",{\"op\":\"describe\",\"args\":{},\"endpoint\":2}"), "describe endpoints", 3},
        {"\"needs\":[\"endpoints\"]," STEPS(PROOF ",{\"op\":\"describe\",\"args\":{},\"endpoint\":2}"),
         "describe endpoints", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct suite *suite = suite_of_case(rows[i].members);
        const struct test_case *test_case = &suite->cases[0];
        char needs[256] = "";
        for (size_t j = 0; j < test_case->need_count; j++) {
            strcat(needs, j ? " " : "");
            strcat(needs, test_case->needs[j]);
        }
        assert_string_equal(needs, rows[i].needs);
        assert_int_equal(test_case->endpoints, rows[i].endpoints);
        suite_free(suite);
    }
}

static void a_case_keeps_what_its_file_says(void **state) {
    (void)state;
    struct suite *suite = suite_of_case(
        "\"why\":\"because\",\"start\":\"2024-02-29T00:00:00+01:00\",\"fixed\":true,"
        "\"null_ok\":{\"echo\":\"it is so\"},\"kills_nothing\":\"it is too small for any fault\"," STEPS(
            PROOF));
    const struct test_case *test_case = &suite->cases[0];
    assert_int_equal(suite->case_count, 1);
    assert_string_equal(test_case->id, "kinds.a");
    assert_string_equal(test_case->template_id, "kinds.a");
    assert_string_equal(test_case->chapter, "kinds");
    assert_string_equal(test_case->title, "A");
    assert_string_equal(test_case->why, "because");
    assert_string_equal(test_case->level, "MUST");
    assert_non_null(strstr(test_case->file, "/cases/kinds/one.json"));
    assert_int_equal(test_case->line, 2);
    assert_int_equal(test_case->start_us, INT64_C(1709161200000000));
    assert_true(test_case->fixed);
    assert_false(test_case->wall_clock);
    assert_null(test_case->row);
    assert_string_equal(json_string_value(json_object_get(test_case->null_ok, "echo")), "it is so");
    assert_string_equal(test_case->kills_nothing, "it is too small for any fault");
    suite_free(suite);
    suite = suite_of_case("\"needs\":[\"wall_clock\"]," STEPS(PROOF));
    assert_int_equal(suite->cases[0].start_us, INT64_C(1765445400000000));
    assert_true(suite->cases[0].wall_clock);
    assert_false(suite->cases[0].fixed);
    assert_null(suite->cases[0].why);
    assert_null(suite->cases[0].null_ok);
    assert_null(suite->cases[0].kills_nothing);
    suite_free(suite);
}

/* Rows share one body; a row may bind exactly 32 names. */
static void each_row_becomes_a_case(void **state) {
    (void)state;
    struct suite *suite =
        suite_of_case("\"rows\":{\"one\":{\"x\":1},\"t.wo\":{\"x\":\"{run}\"},\"3\":{\"x\":{\"$repeat\":"
                      "{\"text\":\"a\",\"times\":2}}}}," STEPS(PROOF));
    static const char *const ids[] = {"kinds.a.one", "kinds.a.t.wo", "kinds.a.3"};
    assert_int_equal(suite->case_count, 3);
    assert_int_equal(suite->template_count, 1);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(suite->cases[i].id, ids[i]);
        assert_string_equal(suite->cases[i].template_id, "kinds.a");
        assert_ptr_equal(suite->cases[i].steps, suite->cases[0].steps);
        assert_non_null(json_object_get(suite->cases[i].row, "x"));
        assert_ptr_equal(suite_case(suite, ids[i]), &suite->cases[i]);
    }
    suite_free(suite);
    suite = suite_of_case("\"rows\":{\"a\":{" N32 "}}," STEPS(PROOF));
    assert_int_equal(json_object_size(suite->cases[0].row), 32);
    suite_free(suite);
}

/* More cases than the first room holds. */
static void many_rows_are_cases_too(void **state) {
    (void)state;
    enum { MANY = 700 };
    static char members[40000];
    size_t length = (size_t)snprintf(members, sizeof members, "\"rows\":{");
    for (int i = 0; i < MANY; i++) {
        length += (size_t)snprintf(members + length, sizeof members - length, "%s\"r%d\":{\"x\":%d}",
                                   i ? "," : "", i, i);
    }
    snprintf(members + length, sizeof members - length, "}," STEPS(PROOF));
    struct suite *suite = suite_of_case(members);
    assert_int_equal(suite->case_count, MANY);
    assert_int_equal(json_integer_value(json_object_get(suite_case(suite, "kinds.a.r699")->row, "x")), 699);
    suite_free(suite);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_a_case_name_their_place),
                                       cmocka_unit_test(ids_belong_to_their_chapter),
                                       cmocka_unit_test(needs_follow_from_what_a_case_does),
                                       cmocka_unit_test(a_case_keeps_what_its_file_says),
                                       cmocka_unit_test(each_row_becomes_a_case),
                                       cmocka_unit_test(many_rows_are_cases_too)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
