#include "suites/self/support_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CREATES(ids) "{\"op\":\"interrupt.create\",\"args\":{" ids "},\"requirement\":\"REQ-A-1\"}"
#define APART(key) "the " key " of a creation must hold {run}, so that cases do not see each other's rows"
#define RAW_APART "the ids of a creation must hold {run}"
#define NO_TWIN "a refused step needs a twin later in its case: {\"twin_of\": its name, \"set\": {...}}"
#define BACK "the clock would go back"
#define NO_PROOF "no step names a requirement, so the case proves nothing"
#define NO_START "a wall_clock case begins whenever it is run: it has neither start nor fixed"

static const struct faulty_case faults[] = {
    {STEPS(CREATE), 2, "", NO_PROOF},
    {"\"level\":\"SHOULD\"," STEPS(PROOF), 2, "", "the case is SHOULD, but all its requirements are MUST"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-A-2\"}"), 2, "",
     "the case is MUST, but all its requirements are SHOULD"},
    {"\"needs\":[\"wall_clock\"],\"start\":\"2025-01-01T00:00:00Z\"," STEPS(PROOF), 2, "", NO_START},
    {"\"needs\":[\"wall_clock\"],\"fixed\":true," STEPS(PROOF), 2, "", NO_START},
    {STEPS(REFUSED), 3, "/steps/0", NO_TWIN},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{},\"refused\":\"invalid\"},\n" PROOF), 4, "/steps/1",
     NO_TWIN},
    {STEPS(REFUSED ",\n{\"name\":\"other\",\"op\":\"describe\",\"args\":{},\"refused\":\"invalid\"},\n" TWIN),
     4, "/steps/1", NO_TWIN},
    {STEPS("{\"clock\":5},\n" PROOF ",\n{\"clock\":4.999999}"), 5, "/steps/2", BACK},
    {"\"fixed\":true,\"start\":\"2025-01-01T00:00:01Z\"," STEPS(PROOF
                                                                ",\n{\"clock\":\"2025-01-01T00:00:00Z\"}"),
     4, "/steps/1", BACK},
    {"\"fixed\":true,\"start\":\"2025-01-01T00:00:00Z\"," STEPS(
         PROOF ",\n{\"clock\":\"2025-01-01T00:00:05Z\"},\n{\"clock\":4}"),
     5, "/steps/2", BACK},
    {"\"start\":\"9999-12-31T23:59:59Z\"," STEPS(PROOF ",\n{\"clock\":1}"), 4, "/steps/1",
     "the clock would pass the year 9999"},
    {STEPS(CREATES("\"user_id\":\"ann\"")), 3, "/steps/0", APART("user_id")},
    {STEPS(CREATES("\"user_id\":\"u-{run}\",\"session_id\":\"s\"")), 3, "/steps/0", APART("session_id")},
    {STEPS(CREATES("\"user_id\":\"u-{run}\",\"session_id\":\"{run}\",\"request_id\":\"{ran}\"")), 3,
     "/steps/0", APART("request_id")},
    {STEPS(CREATES("\"user_id\":\"$$u\"")), 3, "/steps/0", APART("user_id")},
    {STEPS(CREATES("\"user_id\":{\"$repeat\":{\"text\":\"a\",\"times\":2}}")), 3, "/steps/0",
     APART("user_id")},
    {"\"rows\":{\"a\":{\"u\":\"x-{run}\"},\"b\":{\"u\":\"x\"}}," STEPS(CREATES("\"user_id\":\"$u\"")), 3,
     "/steps/0", APART("user_id")},
    {"\"rows\":{\"a\":{\"u\":{\"in\":\"x\"}}}," STEPS(CREATES("\"user_id\":\"$u/in\"")), 3, "/steps/0",
     APART("user_id")},
    {STEPS("{\"name\":\"no\",\"op\":\"interrupt.create\",\"args\":{\"user_id\":\"ann\",\"kind\":\"x\"},"
           "\"refused\":\"invalid\",\"requirement\":\"REQ-A-1\"},\n{\"twin_of\":\"no\",\"set\":{\"/"
           "kind\":\"timeout\"}}"),
     4, "/steps/1", APART("user_id")},
    {STEPS(
         "{\"op\":\"http.request\",\"args\":{\"path\":\"/i\",\"json\":{\"user_id\":\"ann\"}},\"requirement\":"
         "\"REQ-A-1\"}"),
     3, "/steps/0", APART("user_id")},
    {STEPS("{\"op\":\"interrupt.create\",\"raw\":\"{\\\"user_id\\\":\\\"ann\\\"}\",\"requirement\":\"REQ-A-"
           "1\"}"),
     3, "/steps/0", RAW_APART},
};

static void faults_of_a_whole_case_name_their_place(void **state) {
    (void)state;
    assert_refused_cases(faults, sizeof faults / sizeof faults[0]);
}

/* Beside each fault, what is none. */
static void what_is_right_is_taken(void **state) {
    (void)state;
    static const char *const rows[] = {
        "\"level\":\"SHOULD\"," STEPS(PROOF ",{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-A-2\"}"),
        STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":[\"REQ-A-2\",\"REQ-A-1\"]}"),
        "\"needs\":[\"wall_clock\"]," STEPS("{\"clock\":1},{\"clock\":1}," PROOF),
        STEPS(REFUSED ",\n" PROOF ",\n" TWIN),
        STEPS("{\"clock\":0},{\"clock\":5},{\"clock\":5}," PROOF),
        "\"fixed\":true,\"start\":\"2025-01-01T00:00:00Z\"," STEPS(
            PROOF ",{\"clock\":4},{\"clock\":\"2025-01-01T01:00:04+01:00\"},{\"clock\":5}"),
        "\"start\":\"9999-12-31T23:59:58Z\"," STEPS(PROOF ",{\"clock\":1.999999}"),
        STEPS(CREATES("\"user_id\":5,\"session_id\":null")),
        STEPS(CREATES("\"user_id\":{\"$concat\":[\"a\",{\"$repeat\":{\"text\":\"{run}\",\"times\":2}}]}")),
        STEPS(CREATE
              ",{\"op\":\"describe\",\"args\":{},\"bind\":{\"u\":\"/u\"}}," CREATES("\"user_id\":\"$u\"")),
        "\"rows\":{\"a\":{\"u\":\"x-{run}\",\"v\":\"x\"},\"b\":{\"u\":null,\"v\":\"y\"},\"c\":{\"u\":{\"$"
        "concat\":[\"{run}\","
        "\"z\"]},\"v\":\"z\"}}," STEPS(CREATES("\"user_id\":\"$u\",\"question\":\"$v\"")),
        STEPS("{\"name\":\"no\",\"op\":\"interrupt.create\",\"args\":{\"user_id\":\"\"},\"refused\":"
              "\"invalid\","
              "\"requirement\":\"REQ-A-1\"},{\"twin_of\":\"no\",\"set\":{\"/user_id\":\"u-{run}\"}}"),
        STEPS("{\"op\":\"interrupt.create\",\"raw\":\"{\\\"user_id\\\":\\\"{run}\\\"}\",\"requirement\":"
              "\"REQ-A-1\"}"),
        STEPS("{\"op\":\"interrupt.list\",\"args\":{\"user_id\":\"ann\"},\"requirement\":\"REQ-A-1\"}"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        suite_free(suite_of_case(rows[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_a_whole_case_name_their_place),
                                       cmocka_unit_test(what_is_right_is_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
