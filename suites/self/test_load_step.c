#include "harness/case/case.h"
#include "harness/case/expectation.h"
#include "suites/self/support_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KNOWN "expected a known key, got the unknown key "
#define TIME "expected an RFC 3339 time with an offset"

static const struct faulty_case faults[] = {
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"agrs\":{}}"), 4, "/steps/1/agrs",
     KNOWN "\"agrs\"; did you mean \"args\"?"},
    {STEPS(PROOF ",\n{\"clock\":1,\"args\":{}}"), 4, "/steps/1/args", KNOWN "\"args\""},
    {STEPS(REFUSED ",\n{\"twin_of\":\"no\",\"set\":{\"/id\":1},\"name\":\"x\"}"), 4, "/steps/1/name",
     KNOWN "\"name\"; did you mean \"note\"?"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{},\"times\":0}"), 4, "/steps/1/times",
     "expected at least 1, got 0"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{},\"times\":501}"), 4, "/steps/1/times",
     "expected at most 500, got 501"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{},\"endpoint\":16}"), 4, "/steps/1/endpoint",
     "expected at most 15, got 16"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":[]}"), 4, "/steps/1/args", "expected object, got []"},
    {STEPS(PROOF ",\n{\"op\":\"interrupt.gte\",\"args\":{}}"), 4, "/steps/1/op",
     "interrupt.gte is no method for cases; did you mean interrupt.get?"},
    {STEPS(PROOF ",\n{\"op\":\"quite.other\",\"args\":{}}"), 4, "/steps/1/op",
     "quite.other is no method for cases"},
    {STEPS(PROOF ",\n{\"op\":\"describe\"}"), 4, "/steps/1", "expected either args or raw"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{},\"raw\":\"{}\"}"), 4, "/steps/1",
     "expected either args or raw"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{\n\"a\":\"$id\"}}"), 5, "/steps/1/args/a",
     "$id is bound by no earlier step and no row"},
    {STEPS(CREATE ",\n{\"op\":\"describe\",\"args\":{\"a\":\"$ib\"}}"), 4, "/steps/1/args/a",
     "$ib is bound by no earlier step and no row; did you mean $id?"},
    {STEPS(CREATE ",\n{\"op\":\"describe\",\n\"raw\":\"{$ib}\"}"), 5, "/steps/1/raw",
     "$ib is bound by no earlier step and no row; did you mean $id?"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{\"a\":{\"$fill\":{\"bytes\":9}},\"b\":{\"$fill\":{"
                 "\"bytes\":9}}}}"),
     4, "/steps/1/args/b/$fill", "$fill stands once, in args only"},
    {STEPS(PROOF ",\n{\"op\":\"describe\",\"args\":{},\n\"expect\":{}}"), 5, "/steps/1/expect",
     "{} matches every object; write {\"$exactly\": {}} or {\"$type\": \"object\"}"},
    {STEPS(PROOF
           ",\n{\"op\":\"describe\",\"args\":{},\"times\":2,\"bind\":{\"all\":\"/x\"},\"expect\":\"$all\"}"),
     4, "/steps/1/expect", "$all is bound by no earlier step and no row"},
    {STEPS("{\"op\":\"describe\",\"args\":{\"a\":\"$own\"},\"bind\":{\"own\":\"/x\"}}"), 3, "/steps/0/args/a",
     "$own is bound by no earlier step and no row"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"refused\":\"invalid\",\"expect\":1}"), 3, "/steps/0",
     "a refusal has neither expect nor bind"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"refused\":\"invalid\",\"bind\":{\"x\":\"\"}}"), 3, "/steps/0",
     "a refusal has neither expect nor bind"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"refused\":\"unknown\"}"), 3, "/steps/0/refused",
     "expected one of "
     "[\"invalid\",\"not_found\",\"forbidden\",\"conflict\",\"unavailable\",\"unsupported\",\"internal\"], "
     "got \"unknown\""},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"refused\":{\"name\":\"invalid\",\"feild\":\"/a\"}}"), 3,
     "/steps/0/refused/feild", KNOWN "\"feild\"; did you mean \"field\"?"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"bind\":{\"x\":\"y\"}}"), 3, "/steps/0/bind/x",
     "expected text that matches ^(/([^/~]|~[01])*)*$, got \"y\""},
    {STEPS("{\"op\":\"describe\",\"args\":{},\n\"requirement\":\"REQ-A-9\"}"), 4, "/steps/0/requirement",
     "requirements.json has no REQ-A-9; did you mean REQ-A-1?"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-A-22\"}"), 3, "/steps/0/requirement",
     "requirements.json has no REQ-A-22; did you mean REQ-A-2?"},
    {STEPS("{\"play\":\"drift.databse\",\"args\":{},\"expect\":1}"), 3, "/steps/0/play",
     "drift.databse is no play; did you mean drift.database?"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"refused\":{\"name\":\"invalid\",\"hides\":[{\"$fill\":{"
           "\"bytes\":9}}]}}"),
     3, "/steps/0/refused/hides/0", "expected string, got {\"$fill\":{\"bytes\":9}}"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-OTHER-THING-77\"}"), 3,
     "/steps/0/requirement", "requirements.json has no REQ-OTHER-THING-77"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":[\"REQ-A-1\",\n\"REQ-A-3\"]}"), 4,
     "/steps/0/requirement/1", "REQ-A-3 is excluded: nobody can see it from outside"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":[]}"), 3, "/steps/0/requirement",
     "expected at least 1 elements, got []"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":[\"REQ-A-1\",\"REQ-A-2\",\"REQ-A-3\"]}"), 3,
     "/steps/0/requirement", "expected at most 2 elements, got [\"REQ-A-1\",\"REQ-A-2\",\"REQ-A-3\"]"},
    {STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-a\"}"), 3, "/steps/0/requirement",
     "expected text that matches ^REQ-[A-Z0-9]+(-[A-Z0-9]+)*$, got \"REQ-a\""},
    {STEPS("{\"name\":\"a\",\"op\":\"describe\",\"args\":{}},\n{\"op\":\"describe\",\"args\":{}},\n"
           "{\"name\":\"a\",\"op\":\"describe\",\"args\":{}}"),
     5, "/steps/2/name", "two steps have the name a"},
    {STEPS("{\"clock\":-1}"), 3, "/steps/0/clock", "expected at least 0, got -1"},
    {STEPS("{\"clock\":true}"), 3, "/steps/0/clock", "expected number or string, got true"},
    {STEPS(PROOF ",\n{\"clock\":1e13}"), 4, "/steps/1/clock", "so many seconds lead out of the calendar"},
    {STEPS("{\"clock\":\"2025-12-12T00:00:00Z\"}"), 3, "/steps/0/clock",
     "an instant is for cases with \"fixed\": true; write seconds after start"},
    {"\"fixed\":true," STEPS("{\"clock\":\"tomorrow\"}"), 3, "/steps/0/clock", TIME},
    {STEPS("{\"op\":\"describe\",\"args\":{\"a\":{\"$instant\":\"2025-12-12T00:00:00Z\"}}}"), 3,
     "/steps/0/args/a/$instant", "$instant is for cases with \"fixed\": true; use $at"},
    {"\"needs\":[\"wall_clock\"]," STEPS("{\"op\":\"describe\",\"args\":{},\"expect\":{\"a\":{\"$at\":1}}}"),
     3, "/steps/0/expect/a/$at", "a wall_clock case does not know its start: use $plus or $between"},
    {STEPS(REFUSED ",\n{\"twin_of\":\"on\",\"set\":{\"/id\":\"y\"}}"), 4, "/steps/1/twin_of",
     "no earlier step has the name on"},
    {STEPS("{\"twin_of\":\"no\",\"set\":{\"/id\":\"y\"}},\n" REFUSED), 3, "/steps/0/twin_of",
     "no earlier step has the name no"},
    {STEPS("{\"name\":\"yes\",\"op\":\"describe\",\"args\":{}},\n{\"twin_of\":\"yes\",\"set\":{\"/"
           "id\":\"y\"}}"),
     4, "/steps/1/twin_of", "the step yes is not refused"},
    {STEPS(REFUSED ",\n{\"twin_of\":\"no\",\"set\":{\"/id\":\"y\"},\"expect\":\"$x\"}"), 4, "/steps/1/expect",
     "$x is bound by no earlier step and no row"},
};

static void faults_of_a_step_name_their_place(void **state) {
    (void)state;
    assert_refused_cases(faults, sizeof faults / sizeof faults[0]);
}

static void a_call_keeps_what_its_file_says(void **state) {
    (void)state;
    struct suite *suite = suite_of_case(
        STEPS("{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"endpoint\":1,\"times\":3,"
              "\"note\":\"so\","
              "\"refused\":{\"name\":\"conflict\",\"interrupt_status\":\"resolved\",\"field\":\"/id\"},"
              "\"requirement\":[\"REQ-A-2\",\"REQ-A-1\"]},"
              "{\"twin_of\":\"no\",\"set\":{\"/id\":\"y\"},\"bind\":{\"got\":\"/"
              "interrupt\"},\"expect\":{\"interrupt\":\"$got\"},"
              "\"requirement\":\"REQ-A-1\",\"note\":\"twin\"},"
              "{\"op\":\"describe\",\"raw\":\"{\\\"a\\\": {$got}}\"},"
              "{\"clock\":2.5,\"note\":\"later\"}"));
    const struct step *call = &suite->cases[0].steps[0];
    assert_int_equal(suite->cases[0].step_count, 4);
    assert_int_equal(call->kind, STEP_CALL);
    assert_string_equal(call->name, "no");
    assert_string_equal(call->method, "interrupt.get");
    assert_string_equal(call->note, "so");
    assert_string_equal(call->refused, "conflict");
    assert_string_equal(call->refused_status, "resolved");
    assert_string_equal(call->refused_field, "/id");
    assert_int_equal(call->times, 3);
    assert_int_equal(call->endpoint, 1);
    assert_int_equal(call->requirement_count, 2);
    assert_string_equal(call->requirements[0]->id, "REQ-A-2");
    assert_string_equal(call->requirements[1]->id, "REQ-A-1");
    assert_non_null(call->params);
    assert_null(call->expectation);
    const struct step *twin = call + 1;
    assert_int_equal(twin->kind, STEP_TWIN);
    assert_int_equal(twin->twin_of, 0);
    assert_string_equal(twin->method, "interrupt.get");
    assert_int_equal(twin->endpoint, 1);
    assert_int_equal(twin->times, 1);
    assert_null(twin->refused);
    assert_int_equal(twin->expectation->kind, MATCH_OBJECT);
    assert_string_equal(twin->note, "twin");
    assert_int_equal(twin->requirement_count, 1);
    assert_string_equal(call[2].raw, "{\"a\": {$got}}");
    assert_null(call[2].args);
    assert_int_equal(call[2].requirement_count, 0);
    assert_int_equal(call[3].kind, STEP_CLOCK);
    assert_string_equal(call[3].note, "later");
    assert_true(json_real_value(call[3].clock) == 2.5);
    assert_null(call[3].params);
    assert_int_equal(call[3].times, 1);
    suite_free(suite);
}

static void a_play_keeps_what_its_file_says(void **state) {
    (void)state;
    struct suite *suite = suite_of_case(
        STEPS("{\"name\":\"look\",\"play\":\"drift.database\",\"args\":{},\"expect\":1,\"note\":\"so\","
              "\"requirement\":\"REQ-A-1\"}"));
    const struct step *play = &suite->cases[0].steps[0];
    assert_int_equal(play->kind, STEP_PLAY);
    assert_string_equal(play->name, "look");
    assert_string_equal(play->method, "drift.database");
    assert_string_equal(play->note, "so");
    assert_int_equal(play->times, 1);
    suite_free(suite);
}

static void names_may_be_bound_again_and_used_at_once(void **state) {
    (void)state;
    suite_free(suite_of_case("\"rows\":{\"a\":{\"x\":1}}," STEPS(
        "{\"op\":\"describe\",\"args\":{\"a\":\"$x\"},\"bind\":{\"y\":\"/y\",\"x\":\"/"
        "x\"},\"expect\":[\"$y\",\"$x\"]},"
        "{\"op\":\"describe\",\"args\":{},\"times\":2,\"bind\":{\"all\":\"/y\",\"y\":\"/"
        "y\"},\"expect\":\"$y\"},"
        "{\"op\":\"describe\",\"args\":{\"a\":\"$all/0\"},\"requirement\":\"REQ-A-1\"}")));
}

/* A case knows 64 names: with rows of 32 and steps that bind 32 more; not one more. */
static void one_name_too_many_is_refused(void **state) {
    (void)state;
    static char members[8192];
    for (int names = 64; names <= 65; names++) {
        size_t length = (size_t)snprintf(members, sizeof members,
                                         "\"steps\":[\n{\"op\":\"describe\",\"args\":{},"
                                         "\"requirement\":\"REQ-A-1\",\"bind\":{");
        for (int i = 0; i < names; i++) {
            length += (size_t)snprintf(members + length, sizeof members - length, "%s\"n%d\":\"/a\"",
                                       i ? "," : "", i);
        }
        snprintf(members + length, sizeof members - length, "}}]");
        if (names == 64) {
            suite_free(suite_of_case(members));
        } else {
            const struct faulty_case fault = {members, 3, "/steps/0/bind", "more than 64 names in one case"};
            assert_refused_cases(&fault, 1);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_of_a_step_name_their_place),
                                       cmocka_unit_test(a_call_keeps_what_its_file_says),
                                       cmocka_unit_test(a_play_keeps_what_its_file_says),
                                       cmocka_unit_test(names_may_be_bound_again_and_used_at_once),
                                       cmocka_unit_test(one_name_too_many_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
