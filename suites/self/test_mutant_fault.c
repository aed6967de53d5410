#include "harness/adapters/in_process.h"
#include "harness/adapters/mutant_fault.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A rule's actions on a scene, and what the scene is then. Without a call to anybody. */
static const char *const rows[][3] = {
    {"[{'set':'/sent/a','to':1}]", "{'sent':{}}", "{'sent':{'a':1}}"},
    {"[{'set':['/sent/a','/sent/b'],'to':{'$':'/now'}}]", "{'sent':{},'now':'t'}",
     "{'sent':{'a':'t','b':'t'},'now':'t'}"},
    {"[{'remove':'/sent/*'}]", "{'sent':{'a':1,'b':2}}", "{'sent':{}}"},
    {"[{'change':['/sent/a','/sent/b'],'by':'trim'}]", "{'sent':{'a':' x ','c':' y '}}",
     "{'sent':{'a':'x','c':' y '}}"},
    {"[{'push':'/result/ids','to':'z'}]", "{'result':{'ids':['a']}}", "{'result':{'ids':['a','z']}}"},
    {"[{'push':'/result/ids','to':'z'}]", "{'result':{}}", "{'result':{}}"},
    {"[{'order':'/l','by':'/k'}]", "{'l':[{'k':'b','n':1},{'k':'a'},{'k':'b','n':2},{}]}",
     "{'l':[{},{'k':'a'},{'k':'b','n':1},{'k':'b','n':2}]}"},
    {"[{'order':'/l','by':'/k','descending':true}]", "{'l':[{'k':'a'},{'k':'b'}]}",
     "{'l':[{'k':'b'},{'k':'a'}]}"},
    {"[{'in':'/l/*','where':{'':{'above':1}},'drop':'all'}]", "{'l':[1,2,3,1]}", "{'l':[1,1]}"},
    {"[{'in':'/l/*','drop':'first'}]", "{'l':[1,2,3]}", "{'l':[2,3]}"},
    {"[{'in':'/l/*','where':{'':{'below':3}},'drop':'last'}]", "{'l':[1,2,3]}", "{'l':[1,3]}"},
    {"[{'in':'/l/*','where':{'':2},'double':true}]", "{'l':[1,2,3]}", "{'l':[1,2,2,3]}"},
    {"[{'in':'/l/*','set':'/x','to':{'$here':'/k'}}]", "{'l':[{'k':1},{'k':2}]}",
     "{'l':[{'k':1,'x':1},{'k':2,'x':2}]}"},
    {"[{'in':'@interrupts','remove':'/q'}]", "{'result':{'interrupt':{'q':1},'interrupts':[{'q':2}]}}",
     "{'result':{'interrupt':{},'interrupts':[{}]}}"},
    {"[{'refuse':{'name':'invalid','field':'/a'}}]", "{'result':{}}",
     "{'refusal':{'name':'invalid','field':'/a'}}"},
    {"[{'answer':{'n':{'$count':'/l'},'last':{'$last':'/l'},'none':{'$last':'/x'}}}]",
     "{'refusal':{'name':'invalid'},'l':[5,6]}", "{'l':[5,6],'result':{'n':2,'last':6,'none':null}}"},
    {"[{'set':'/a','to':{'$text':['x-',{'$':'/n'},{'$':'/s'}]}}]", "{'n':5,'s':'y'}",
     "{'n':5,'s':'y','a':'x-5y'}"},
    {"[{'set':'/a','to':{'$changed':['2025-12-11T09:30:00Z',{'shift':1}]}}]", "{}",
     "{'a':'2025-12-11T09:30:00.000001Z'}"},
    {"[{'set':'/a','to':{'$seen':'x'}},{'set':'/b','to':{'$seen':'y'}}]", "{'seen':{'x':{'id':'x'}}}",
     "{'seen':{'x':{'id':'x'}},'a':{'id':'x'},'b':null}"},
    {"[{'set':'/a','to':[{'$':'/n'},{'b':{'$':'/none'}}]}]", "{'n':1}", "{'n':1,'a':[1,{'b':null}]}"},
    {"[{'reread':{'text':[]}}]", "{}", "{}"},
    {"[{'retry':true}]", "{'op':'interrupt.get'}", "{'op':'interrupt.get'}"},
    {"[{'queue':true}]", "{}", "{'queued':true}"},
};

static void each_verb_does_its_work(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct shadow shadow;
        assert_true(shadow_init(&shadow));
        json_t *scene = json_short(rows[i][1]), *actions = json_short(rows[i][0]);
        json_object_set_new(scene, "op", json_string("interrupt.get"));
        json_t *fault = json_pack("[{s:O}]", "after", actions);
        struct fault_call call = {.fault = fault, .shadow = &shadow, .scene = scene};
        assert_true(fault_carry_out(&call, "before"));
        assert_true(fault_carry_out(&call, "after"));
        json_t *want = json_short(rows[i][2]);
        json_object_set_new(want, "op", json_string("interrupt.get"));
        char *text = json_dumps(want, 0);
        assert_json(scene, text);
        free(text);
        json_decref(want);
        json_decref(fault);
        json_decref(actions);
        json_decref(scene);
        shadow_release(&shadow);
    }
}

/* The scene after a rule of that condition. */
static void carry_out(const char *rule, const char *scene_before, const char *scene_after) {
    struct shadow shadow;
    assert_true(shadow_init(&shadow));
    json_t *scene = json_short(scene_before), *one = json_short(rule), *fault = json_pack("[O]", one);
    struct fault_call call = {.fault = fault, .shadow = &shadow, .scene = scene};
    assert_true(fault_carry_out(&call, "after"));
    assert_json(scene, scene_after);
    json_decref(fault);
    json_decref(one);
    json_decref(scene);
    shadow_release(&shadow);
}

static void a_rule_is_for_its_methods_and_condition(void **state) {
    (void)state;
    carry_out("{'on':'a','after':[{'set':'/x','to':1}]}", "{'op':'a'}", "{'op':'a','x':1}");
    carry_out("{'on':'a','after':[{'set':'/x','to':1}]}", "{'op':'b'}", "{'op':'b'}");
    carry_out("{'on':['b','c'],'after':[{'set':'/x','to':1}]}", "{'op':'c'}", "{'op':'c','x':1}");
    carry_out("{'on':['b','c'],'after':[{'set':'/x','to':1}]}", "{'op':'a'}", "{'op':'a'}");
    carry_out("{'when':{'/y':2},'after':[{'set':'/x','to':1}]}", "{'op':'c','y':2}",
              "{'op':'c','y':2,'x':1}");
    carry_out("{'when':{'/y':2},'after':[{'set':'/x','to':1}]}", "{'op':'c'}", "{'op':'c'}");
    carry_out("{'before':[{'set':'/x','to':1}]}", "{'op':'c'}", "{'op':'c'}");
}

static void params_are_read_again_leniently(void **state) {
    (void)state;
    carry_out("{'after':[{'reread':{'text':[['_','\\u0022'],[',}','}']]}}]}",
              "{'op':'c','text':'{_a_:1,_a_:2,}'}", "{'op':'c','text':'{_a_:1,_a_:2,}','sent':{'a':2}}");
    carry_out("{'after':[{'reread':{'text':[]}}]}", "{'op':'c','text':'no JSON'}",
              "{'op':'c','text':'no JSON'}");
    carry_out("{'after':[{'reread':{'text':[['_','\\u0022']]}}]}",
              "{'op':'c','text':'{_a_:9223372036854775808}'}",
              "{'op':'c','text':'{_a_:9223372036854775808}','sent':{'a':9223372036854775808.0}}");
}

static void a_fresh_id_is_another_each_time(void **state) {
    (void)state;
    json_t *uuid = json_short("{'$uuid':true}");
    json_t *one = fault_value(uuid, NULL, NULL), *other = fault_value(uuid, NULL, NULL);
    assert_int_equal(json_string_length(one), 36);
    assert_string_not_equal(json_string_value(one), json_string_value(other));
    json_decref(other);
    json_decref(one);
    json_decref(uuid);
}

/* What a fault keeps of an interrupt it shows at once, and the shadow from then on. */
static void what_is_kept_is_shown_from_then_on(void **state) {
    (void)state;
    struct shadow shadow;
    assert_true(shadow_init(&shadow));
    json_t *fault = json_short("[{'after':[{'in':'@interrupts','keep':'/q','to':'kept'},"
                               "{'keep':'/m','of':'b','to':1},{'remember':'r','to':{'$':'/op'}}]}]");
    json_t *scene = json_short("{'op':'o','result':{'interrupt':{'id':'a'}}}");
    struct fault_call call = {.fault = fault, .shadow = &shadow, .scene = scene};
    assert_true(fault_carry_out(&call, "after"));
    assert_json(json_object_get(scene, "result"), "{'interrupt':{'id':'a','q':'kept'}}");
    assert_json(shadow.kept, "{'a':{'/q':'kept'},'b':{'/m':1}}");
    assert_json(shadow.memory, "{'r':'o'}");
    json_decref(scene);
    json_decref(fault);
    shadow_release(&shadow);
}

#define CREATE "{'kind':'checkpoint','request_id':'r','user_id':'u','session_id':'s'}"

/* Calls of the fault's own go to the inner session; a retry's answer counts. */
static void a_fault_may_call(void **state) {
    (void)state;
    struct shadow shadow;
    struct target *target = in_process_memory_new();
    struct session *session = NULL;
    assert_true(shadow_init(&shadow));
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    json_t *fault =
        json_short("[{'after':[{'call':'interrupt.create','with':" CREATE ",'as':'made'},"
                   "{'call':'interrupt.get','with':{'id':'none'},'as':'none'},"
                   "{'set':'/sent','to':{'id':{'$':'/memory/made/interrupt/id'}}},{'retry':true}]}]");
    json_t *scene = json_pack("{s:s, s:i, s:O, s:{}, s:{}}", "op", "interrupt.get", "endpoint", 0, "memory",
                              shadow.memory, "sent", "refusal");
    struct fault_call call = {
        .fault = fault, .shadow = &shadow, .inner = session, .scene = scene, .deadline_ms = 1000};
    assert_true(fault_carry_out(&call, "after"));
    assert_null(json_object_get(scene, "refusal"));
    const char *id = json_string_value(
        json_object_get(json_object_get(json_object_get(scene, "result"), "interrupt"), "id"));
    assert_non_null(id);
    assert_non_null(json_object_get(shadow.seen, id));
    assert_true(json_is_null(json_object_get(shadow.memory, "none")));
    json_decref(scene);
    json_decref(fault);
    session_close(session);
    target_free(target);
    shadow_release(&shadow);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verb_does_its_work),
        cmocka_unit_test(a_rule_is_for_its_methods_and_condition),
        cmocka_unit_test(params_are_read_again_leniently),
        cmocka_unit_test(a_fresh_id_is_another_each_time),
        cmocka_unit_test(what_is_kept_is_shown_from_then_on),
        cmocka_unit_test(a_fault_may_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
