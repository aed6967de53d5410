#include "harness/base/value.h"
#include "harness/case/run.h"
#include "harness/lab/found.h"
#include "suites/chapters/concurrency.h"
#include "suites/self/support_results.h"
#include "suites/self/support_rival.h"
#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define RIVALS                                                                                               \
    "{'interrupts':[{}],'clients':[{'acts':[{'do':'respond','on':0}]},{'endpoint':1,'acts':[{'do':'respond'" \
    ",'on':0}]}]}"
#define LOSER "{'interrupts':[{}],'clients':[{'acts':[{'do':'cancel','on':0,'reason':true}]}]}"
#define MIXED                                                                                                \
    "{'interrupts':[{'ttl_seconds':1}],'clients':[{'acts':[{'do':'clock','seconds':2.000001},{'do':'sweep'}" \
    ","                                                                                                      \
    "{'do':'list'},{'do':'pending'},{'do':'sweep'}]}]}"

static json_t *encode(const char *text, enum finding_class class, enum way way,
                      const struct choices *choices) {
    struct script script;
    char name[FOUND_NAME_SIZE];
    script_short(&script, text);
    found_name(class, 7, 41, name);
    json_t *file = found_encode(&(struct found){.name = name,
                                                .class = class,
                                                .sentence = "it \"cannot\" be",
                                                .origin = "seed 7, run 41",
                                                .way = way,
                                                .script = &script,
                                                .choices = choices,
                                                .rounds = 12});
    assert_non_null(file);
    script_release(&script);
    return file;
}

/* Writes the file where a test may, and loads it as `holdpoint replay` does. */
static struct suite *load(const json_t *file, char path[SCRATCH_PATH_SIZE]) {
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    scratch_path(path, "found.json");
    assert_int_equal(json_dump_file(file, path, JSON_REAL_PRECISION(15)), 0);
    const char *const paths[] = {path};
    if (suite_load_files("fixtures", paths, 1, &suite, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return suite;
}

static void it_is_an_ordinary_case(void **state) {
    (void)state;
    char path[SCRATCH_PATH_SIZE];
    json_t *file = encode(MIXED, FINDING_EVENT, WAY_IN_TURN, NULL);
    struct suite *suite = load(file, path);
    assert_int_equal(suite->case_count, 1);
    const struct test_case *one = suite_case(suite, "concurrency.found.event-s7-r41");
    assert_non_null(one);
    assert_string_equal(one->chapter, "concurrency");
    assert_string_equal(one->title, "Found by chance: 5 acts of 1 client in turn");
    assert_string_equal(one->why, "it \"cannot\" be (seed 7, run 41)");
    assert_string_equal(one->steps[0].method, "concurrency.script");
    assert_string_equal(one->steps[0].requirements[0]->id, "REQ-RACE-3");
    static const char *const needs[] = {"clock", "create", "expire_pending",
                                        "get",   "list",   "pending_for_request"};
    assert_int_equal(one->need_count, sizeof needs / sizeof needs[0]);
    for (size_t i = 0; i < one->need_count; i++) {
        assert_string_equal(one->needs[i], needs[i]);
    }
    assert_json(value_at(file, "/cases/0/steps/0/expect"), "{'violations':[]}");
    assert_json(value_at(file, "/cases/0/steps/0/args/rounds"), "12");
    assert_json(value_at(file, "/cases/0/steps/0/args/in_turn"), "true");
    assert_json(value_at(file, "/cases/0/steps/0/args/turns"), NULL);
    suite_free(suite);
    json_decref(file);
    unlink(path);
}

static void the_way_is_kept(void **state) {
    (void)state;
    uint16_t turns[] = {1, 0, 0, 1};
    const struct choices choices = {.turns = turns, .count = 4};
    json_t *at_once = encode(RIVALS, FINDING_ORDER, WAY_AT_ONCE, NULL);
    json_t *by_turns = encode(RIVALS, FINDING_ORDER, WAY_BY_TURNS, &choices);
    assert_json(value_at(at_once, "/cases/0/needs"), "['create','get','respond','concurrent','endpoints']");
    assert_json(value_at(at_once, "/cases/0/steps/0/args/in_turn"), NULL);
    assert_json(value_at(by_turns, "/cases/0/steps/0/args/turns"), "[1,0,0,1]");
    json_decref(at_once);
    json_decref(by_turns);
}

/* Each class names a requirement that there is. */
static void every_class_breaks_a_requirement(void **state) {
    (void)state;
    for (enum finding_class class = 0; class < FINDING_CLASSES; class ++) {
        char path[SCRATCH_PATH_SIZE];
        json_t *file = encode(LOSER, class, WAY_IN_TURN, NULL);
        struct suite *suite = load(file, path);
        assert_int_equal(suite->cases[0].steps[0].requirement_count, 1);
        suite_free(suite);
        json_decref(file);
        unlink(path);
    }
}

static void replay(const json_t *file, enum rival rival, enum verdict verdict, const char *shown) {
    char path[SCRATCH_PATH_SIZE];
    struct suite *suite = load(file, path);
    struct target *target = rival_new(rival);
    struct hello hello = {0};
    struct hp_problem down = {0};
    struct case_result result = {0};
    const struct test_case *cases[] = {&suite->cases[0]};
    const struct run_plan plan = {
        .cases = cases, .case_count = 1, .suite = suite, .seed = 1, .deadline_ms = 5000};
    assert_int_equal(run_cases(&plan, target, &hello, &result, &down), HP_OK);
    if (result.verdict != verdict || (shown && (!result.exhibit || !strstr(result.exhibit, shown)))) {
        fail_msg("%s: %s %s", verdict_name(result.verdict), result.reason ? result.reason : "",
                 result.exhibit ? result.exhibit : "");
    }
    case_result_release(&result);
    hello_release(&hello);
    target_free(target);
    suite_free(suite);
    unlink(path);
}

static void a_replay_finds_the_same(void **state) {
    (void)state;
    json_t *loser = encode(LOSER, FINDING_FIELD, WAY_IN_TURN, NULL);
    json_t *rivals = encode(RIVALS, FINDING_ORDER, WAY_AT_ONCE, NULL);
    replay(loser, RIVAL_LOST_DATA, VERDICT_FAILED, "data");
    replay(loser, RIVAL_NONE, VERDICT_PASSED, NULL);
    replay(rivals, RIVAL_TWO_WINNERS, VERDICT_FAILED, "both ended it");
    replay(rivals, RIVAL_NONE, VERDICT_PASSED, NULL);
    json_decref(loser);
    json_decref(rivals);
}

/* The turns of a case: whoever is named first answers first. */
static void the_turns_of_a_case_are_played(void **state) {
    (void)state;
    uint16_t turns[] = {1, 1, 1, 1, 0};
    const struct choices choices = {.turns = turns, .count = 5};
    json_t *file = encode(RIVALS, FINDING_ORDER, WAY_BY_TURNS, &choices);
    replay(file, RIVAL_TWO_WINNERS, VERDICT_FAILED, "both ended it");
    replay(file, RIVAL_NONE, VERDICT_PASSED, NULL);
    json_t *args = value_at(file, "/cases/0/steps/0/args");
    assert_int_equal(json_object_set_new(args, "turns", json_string("all")), 0);
    replay(file, RIVAL_NONE, VERDICT_ERRORED, NULL);
    json_decref(file);
}

static void a_name_is_of_class_seed_and_run(void **state) {
    (void)state;
    char name[FOUND_NAME_SIZE];
    found_name(FINDING_MODEL, UINT64_MAX, UINT64_MAX, name);
    assert_string_equal(name, "model-s18446744073709551615-r18446744073709551615");
}

int main(void) {
    chapter_concurrency_register();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_an_ordinary_case),           cmocka_unit_test(the_way_is_kept),
        cmocka_unit_test(every_class_breaks_a_requirement), cmocka_unit_test(a_replay_finds_the_same),
        cmocka_unit_test(the_turns_of_a_case_are_played),   cmocka_unit_test(a_name_is_of_class_seed_and_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
