#include "harness/adapters/mutant_change.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Change, value, what becomes of it. */
static const char *const rows[][3] = {
    {"'lower'", "{'K':['Ann É',5]}", "{'K':['ann É',5]}"},
    {"'trim'", "['  a b\\n','\\t']", "['a b','']"},
    {"'ascii'", "'né😀'",
     "'n?"
     "?'"},
    {"'bmp'", "'né😀!'", "'né!'"},
    {"'compose'", "'e\\u0301a\\u0308x'", "'éäx'"},
    {"'milliseconds'", "['2025-12-11T09:30:00.999999Z','no time']",
     "['2025-12-11T09:30:00.999000Z','no time']"},
    {"'zoneless'", "'2025-12-11T10:30:00+01:00'", "'2025-12-11T10:30:00Z'"},
    {"'zoneless'", "'2025-12-11T10:30:00Z'", "'2025-12-11T10:30:00Z'"},
    {"'double'", "{'n':[9007199254740993,0.1,'x']}", "{'n':[9007199254740992,0.1,'x']}"},
    {"'float'", "[0.5,16777217]", "[0.5,16777216]"},
    {"'digit'", "[true,false,null]", "[1,0,null]"},
    {"'text'", "[1]", "'[1]'"},
    {"'text'", "'a'", "'a'"},
    {"'number'", "['12','1x','',7]", "[12,'1x','',7]"},
    {"'sort'", "{'l':[3,1,[2,1]]}", "{'l':[1,3,[1,2]]}"},
    {"'unique'", "[1,2,1.0,'a','a']", "[1,2,'a']"},
    {"'reverse'", "[1,2,3]", "[3,2,1]"},
    {"'first'", "[1,2,3]", "[1]"},
    {"'last'", "[1,2,3]", "[3]"},
    {"'compact'", "{'a':null,'b':{'c':null},'d':[null]}", "{'b':{},'d':[null]}"},
    {"'dense'", "{'a':[],'b':{'c':''},'d':[null,1]}", "{'b':{},'d':[1]}"},
    {"'sole'", "[[1],[1,2]]", "[1,[1,2]]"},
    {"{'replace':['ab','c']}", "['abab','ba',5]", "['cc','ba',5]"},
    {"{'cut':2}", "['né😀','a']", "['né','a']"},
    {"{'map':{'a':1,'b':null}}", "['a','b','c']", "[1,null,'c']"},
    {"{'add':-1}", "[1,1.5,'x']", "[0,0.5,'x']"},
    {"{'floor':60}", "[90,61.5,-1]", "[60,60,-60]"},
    {"{'ceiling':0.5}", "[1.2,1]", "[1.5,1]"},
    {"{'shift':-1}", "'2025-12-11T09:30:00Z'", "'2025-12-11T09:29:59.999999Z'"},
    {"{'around':['<','>']}", "'a'", "'<a>'"},
    {"{'keys':'lower'}", "{'A':{'B':'C'}}", "{'a':{'b':'C'}}"},
    {"{'depth':2}", "{'a':{'b':{'c':1}},'d':1}", "{'a':{'b':null},'d':1}"},
};

static void each_change_makes_what_it_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *change = json_short(rows[i][0]), *value = json_short(rows[i][1]),
               *was = json_deep_copy(value);
        json_t *changed = value_changed(change, value);
        assert_json(changed, rows[i][2]);
        assert_true(json_equal(was, value));
        json_decref(was);
        json_decref(changed);
        json_decref(value);
        json_decref(change);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_change_makes_what_it_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
