#include "harness/adapters/mutant_condition.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char scene[] = "{'t':'2025-12-11T09:30:00.000000Z','s':'ann-1','p':'a%_1','n':3,'list':[1,'x',"
                            "null],'o':{'k':true},'none':null}";

static const struct {
    const char *table;
    int holds;
} rows[] = {
    {"{'/n':3}", true},
    {"{'/n':3.0}", true},
    {"{'/n':4}", false},
    {"{'/missing':null}", false},
    {"{'/none':null}", true},
    {"{'/n':3,'/s':'bob'}", false},
    {"[{'/n':4},{'/s':'ann-1'}]", true},
    {"[{'/n':4},{'/s':'bob'}]", false},
    {"{'/missing':{'absent':true}}", true},
    {"{'/none':{'absent':true}}", true},
    {"{'/n':{'absent':false}}", true},
    {"{'/n':{'absent':true}}", false},
    {"{'/n':{'not':4}}", true},
    {"{'/n':{'any':[1,3]}}", true},
    {"{'/n':{'any':[1,2]}}", false},
    {"{'/n':{'all':[3,{'above':2}]}}", true},
    {"{'/n':{'all':[3,{'above':3}]}}", false},
    {"{'/n':{'type':'integer'}}", true},
    {"{'/n':{'type':'number'}}", true},
    {"{'/s':{'type':'number'}}", false},
    {"{'/missing':{'type':'nothing'}}", true},
    {"{'/none':{'type':'nothing'}}", false},
    {"{'/n':{'same':'/n'}}", true},
    {"{'/n':{'same':'/s'}}", false},
    {"{'/missing':{'same':'/missing'}}", false},
    {"{'/s':{'within':'/s'}}", true},
    {"{'/s':{'within':'/t'}}", false},
    {"{'/s':{'like':'/p'}}", true},
    {"{'/t':{'like':'/p'}}", false},
    {"{'/p':{'like':'/s'}}", false},
    {"{'/t':{'earlier':'/u','later':'/t'}}", false},
    {"{'/t':{'later':'/t'}}", false},
    {"{'/s':{'earlier':'/t'}}", false},
    {"{'/n':{'below':4}}", true},
    {"{'/n':{'below':3}}", false},
    {"{'/s':{'above':1}}", false},
    {"{'/s':{'longer':4}}", true},
    {"{'/s':{'longer':5}}", false},
    {"{'/list':{'shorter':4}}", true},
    {"{'/missing':{'shorter':4}}", false},
    {"{'/s':{'holds':'nn'}}", true},
    {"{'/s':{'begins':'ann'}}", true},
    {"{'/s':{'begins':'nn'}}", false},
    {"{'/s':{'ends':'-1'}}", true},
    {"{'/s':{'ends':'much longer than it'}}", false},
    {"{'/o':{'key':'k'}}", true},
    {"{'/o':{'key':{'not':'k'}}}", false},
    {"{'':{'deep':'x'}}", true},
    {"{'':{'deep':'y'}}", false},
};

static void each_condition_holds_or_not(void **state) {
    (void)state;
    json_t *here = json_short(scene);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *table = json_short(rows[i].table);
        if (conditions_hold(table, here, here) != rows[i].holds) {
            fail_msg("%s", rows[i].table);
        }
        json_decref(table);
    }
    assert_true(conditions_hold(NULL, here, here));
    json_decref(here);
}

static void instants_are_compared_as_instants(void **state) {
    (void)state;
    json_t *now = json_short("{'now':'2025-12-11T09:30:00.000000Z'}");
    json_t *here = json_short("{'a':'2025-12-11T10:29:59.999999+01:00','b':'2025-12-11T09:30:00.000001Z'}");
    json_t *table = json_short("{'/a':{'earlier':'/now'},'/b':{'later':'/now'}}");
    assert_true(conditions_hold(table, here, now));
    json_decref(table);
    json_decref(here);
    json_decref(now);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_condition_holds_or_not),
        cmocka_unit_test(instants_are_compared_as_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
