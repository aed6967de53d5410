#include "harness/base/value.h"
#include "suites/self/support_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BASE(args)                                                                                           \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":" args                                               \
    ",\"refused\":\"invalid\",\"requirement\":\"REQ-A-1\"}"
#define RAW_BASE                                                                                             \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"raw\":\"{\\\"id\\\":1,\\\"id\\\":2}\",\"refused\":"         \
    "\"invalid\","                                                                                           \
    "\"requirement\":\"REQ-A-1\"}"
#define ARGS "{\"id\":\"x\",\"n\":1,\"data\":{\"list\":[10,{\"a\":20},30],\"a/b\":{\"~\":1},\"e\":{}}}"
#define TWIN_OF(change) STEPS(BASE(ARGS) ",\n{\"twin_of\":\"no\"," change "}")
#define NOWHERE " leads nowhere in the args of the step that it repeats"
#define NOTHING " has this value in the refused call too"

static const struct faulty_case faults[] = {
    {TWIN_OF("\"note\":\"n\""), 4, "/steps/1", "a twin has exactly one of set, remove and raw"},
    {TWIN_OF("\"set\":{\"/id\":1},\"remove\":\"/n\""), 4, "/steps/1",
     "a twin has exactly one of set, remove and raw"},
    {TWIN_OF("\"set\":{\"/id\":1},\"raw\":\"{}\""), 4, "/steps/1",
     "a twin has exactly one of set, remove and raw"},
    {TWIN_OF("\"set\":{\"/id\":1,\"/n\":2}"), 4, "/steps/1/set",
     "expected at most 1 members, got {\"/id\":1,\"/n\":2}"},
    {TWIN_OF("\"set\":{}"), 4, "/steps/1/set", "expected at least 1 members, got {}"},
    {TWIN_OF("\"set\":{\"id\":1}"), 4, "/steps/1/set/id",
     "expected text that matches ^(/([^/~]|~[01])*)*$, got \"id\""},
    {TWIN_OF("\"set\":{\"\":{}}"), 4, "/steps/1/set", "a twin differs in one member, not in all"},
    {TWIN_OF("\"remove\":\"\""), 4, "/steps/1/remove", "a twin differs in one member, not in all"},
    {TWIN_OF("\"set\":{\"/id\":\"x\"}"), 4, "/steps/1/set", "the twin changes nothing: /id" NOTHING},
    {TWIN_OF("\"set\":{\"/n\":1.0}"), 4, "/steps/1/set", "the twin changes nothing: /n" NOTHING},
    {TWIN_OF("\"set\":{\"/data/list/1\":{\"a\":20}}"), 4, "/steps/1/set",
     "the twin changes nothing: /data/list/1" NOTHING},
    {TWIN_OF("\"set\":{\"/a/b\":1}"), 4, "/steps/1/set", "/a/b" NOWHERE},
    {TWIN_OF("\"set\":{\"/id/b\":1}"), 4, "/steps/1/set", "/id/b" NOWHERE},
    {TWIN_OF("\"set\":{\"/data/list/3\":1}"), 4, "/steps/1/set", "/data/list/3" NOWHERE},
    {TWIN_OF("\"set\":{\"/data/list/-\":1}"), 4, "/steps/1/set", "/data/list/-" NOWHERE},
    {TWIN_OF("\"remove\":\"/data/list/3\""), 4, "/steps/1/remove", "/data/list/3" NOWHERE},
    {TWIN_OF("\"remove\":\"/data/none\""), 4, "/steps/1/remove", "there is no /data/none to remove"},
    {TWIN_OF("\n\"remove\":\"/none\""), 5, "/steps/1/remove", "there is no /none to remove"},
    {TWIN_OF("\"raw\":\"{}\""), 4, "/steps/1", "raw is for the twin of a raw step"},
    {TWIN_OF("\"set\":{\"/id\":\"$unknown\"}"), 4, "/steps/1/set/id",
     "$unknown is bound by no earlier step and no row"},
    {STEPS(RAW_BASE ",\n{\"twin_of\":\"no\",\"set\":{\"/id\":1}}"), 4, "/steps/1",
     "the twin of a raw step has raw"},
    {STEPS(RAW_BASE ",\n{\"twin_of\":\"no\",\n\"raw\":\"{\\\"id\\\":1,\\\"id\\\":2}\"}"), 5, "/steps/1/raw",
     "the twin changes nothing"},
    {STEPS(RAW_BASE ",\n{\"twin_of\":\"no\",\n\"raw\":\"{$none}\"}"), 5, "/steps/1/raw",
     "$none is bound by no earlier step and no row"},
};

static void faults_of_a_twin_name_their_place(void **state) {
    (void)state;
    assert_refused_cases(faults, sizeof faults / sizeof faults[0]);
}

static void a_twin_differs_in_one_thing(void **state) {
    (void)state;
    static const struct {
        const char *change, *args;
    } rows[] = {
        {"\"set\":{\"/id\":\"y\"}",
         "{\"id\":\"y\",\"n\":1,\"data\":{\"list\":[10,{\"a\":20},30],\"a/b\":{\"~\":1},\"e\":{}}}"},
        {"\"set\":{\"/id\":null}",
         "{\"id\":null,\"n\":1,\"data\":{\"list\":[10,{\"a\":20},30],\"a/b\":{\"~\":1},\"e\":{}}}"},
        {"\"set\":{\"/new\":[]}", "{\"id\":\"x\",\"n\":1,\"new\":[],\"data\":{\"list\":[10,{\"a\":20},30],"
                                  "\"a/b\":{\"~\":1},\"e\":{}}}"},
        {"\"set\":{\"/data/list/1/a\":21}",
         "{\"id\":\"x\",\"n\":1,\"data\":{\"list\":[10,{\"a\":21},30],\"a/b\":{\"~\":1},\"e\":{}}}"},
        {"\"set\":{\"/data/list/0\":11}",
         "{\"id\":\"x\",\"n\":1,\"data\":{\"list\":[11,{\"a\":20},30],\"a/b\":{\"~\":1},\"e\":{}}}"},
        {"\"set\":{\"/data/a~1b/~0\":2}",
         "{\"id\":\"x\",\"n\":1,\"data\":{\"list\":[10,{\"a\":20},30],\"a/b\":{\"~\":2},\"e\":{}}}"},
        {"\"set\":{\"/data/e/\":1}",
         "{\"id\":\"x\",\"n\":1,\"data\":{\"list\":[10,{\"a\":20},30],\"a/b\":{\"~\":1},\"e\":{\"\":1}}}"},
        {"\"remove\":\"/id\"", "{\"n\":1,\"data\":{\"list\":[10,{\"a\":20},30],\"a/b\":{\"~\":1},\"e\":{}}}"},
        {"\"remove\":\"/data/list/1\"",
         "{\"id\":\"x\",\"n\":1,\"data\":{\"list\":[10,30],\"a/b\":{\"~\":1},\"e\":{}}}"},
        {"\"remove\":\"/data/a~1b/~0\"",
         "{\"id\":\"x\",\"n\":1,\"data\":{\"list\":[10,{\"a\":20},30],\"a/b\":{},\"e\":{}}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char members[2048];
        snprintf(members, sizeof members, STEPS(BASE(ARGS) ",\n{\"twin_of\":\"no\",%s}"), rows[i].change);
        struct suite *suite = suite_of_case(members);
        const struct step *steps = suite->cases[0].steps;
        json_t *before = json_loads(ARGS, 0, NULL);
        json_t *after = json_loads(rows[i].args, 0, NULL);
        if (!value_equals(steps[1].args, after)) {
            char *shown = value_show(steps[1].args, 500);
            fail_msg("%s led to %s", rows[i].change, shown);
        }
        assert_true(value_equals(steps[0].args, before));
        assert_non_null(steps[1].params);
        assert_int_equal(steps[1].twin_value != NULL, strncmp(rows[i].change, "\"set\"", 5) == 0);
        json_decref(before);
        json_decref(after);
        suite_free(suite);
    }
}

static void a_raw_twin_has_its_own_text(void **state) {
    (void)state;
    struct suite *suite = suite_of_case(STEPS(RAW_BASE ",{\"twin_of\":\"no\",\"raw\":\"{\\\"id\\\":1}\"}"));
    const struct step *twin = &suite->cases[0].steps[1];
    assert_string_equal(twin->raw, "{\"id\":1}");
    assert_null(twin->args);
    assert_null(twin->twin_pointer);
    assert_non_null(twin->params);
    suite_free(suite);
}

/* Elements are counted in tens. */
static void a_twin_may_change_a_late_element(void **state) {
    (void)state;
    struct suite *suite = suite_of_case(STEPS(
        BASE("{\"id\":[0,1,2,3,4,5,6,7,8,9,{\"a\":10},11]}") ",{\"twin_of\":\"no\",\"set\":{\"/id/10/a\":0}},"
                                                             "{\"twin_of\":\"no\",\"set\":{\"/id/10\":0}}"));
    for (size_t i = 1; i <= 2; i++) {
        json_t *after = json_loads(i == 1 ? "{\"id\":[0,1,2,3,4,5,6,7,8,9,{\"a\":0},11]}"
                                          : "{\"id\":[0,1,2,3,4,5,6,7,8,9,0,11]}",
                                   0, NULL);
        assert_true(value_equals(suite->cases[0].steps[i].args, after));
        json_decref(after);
    }
    suite_free(suite);
}

/* The change may use what was bound after the refused step, and a generator in place of a text. */
static void a_change_is_a_template(void **state) {
    (void)state;
    suite_free(suite_of_case(STEPS(BASE(
        "{\"id\":{\"$fill\":{\"bytes\":99}}}") "," CREATE ",{\"twin_of\":\"no\",\"set\":{\"/id\":\"$id\"}},"
                                               "{\"twin_of\":\"no\",\"set\":{\"/"
                                               "id\":{\"$fill\":{\"bytes\":98}}}},"
                                               "{\"twin_of\":\"no\",\"set\":{\"/id/$fill/bytes\":97}}")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_of_a_twin_name_their_place), cmocka_unit_test(a_twin_differs_in_one_thing),
        cmocka_unit_test(a_raw_twin_has_its_own_text), cmocka_unit_test(a_twin_may_change_a_late_element),
        cmocka_unit_test(a_change_is_a_template)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
