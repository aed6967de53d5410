/* Every allocation of a case's run fails once, at each place where a case can end: no crash, no leak (the
 * sanitizers look for it), and no verdict but the true one, errored or untestable. */
#include "harness/case/pairing.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UUID "00000000-0000-4000-8000-000000000001"
#define EXPECT(matcher)                                                                                      \
    "\"steps\":[" PLAY_CREATE ",{\"op\":\"describe\",\"args\":{},\"expect\":" matcher                        \
    ",\"requirement\":\"REQ-A-1\"}]"
#define CREATED                                                                                              \
    { "interrupt.create", "{\"interrupt\":{\"id\":\"" UUID "\"}}", NULL, NULL, NULL }
#define SAY(json)                                                                                            \
    { "describe", json, NULL, NULL, NULL }
#define ALL "[\"create\",\"describe\",\"reset\"]"
#define DIFFERS(matcher, json)                                                                               \
    { EXPECT(matcher), ALL, {CREATED, SAY(json)}, VERDICT_FAILED }

struct row {
    const char *members, *capabilities;
    struct fake_answer script[4];
    enum verdict verdict;
};

static const struct row rows[] = {
    {EXPECT("{\"$any_order\":[\"$id\"]}"), ALL, {CREATED, SAY("[\"" UUID "\"]")}, VERDICT_PASSED},
    DIFFERS("1", "2"),
    DIFFERS("\"u-{run}\"", "2"),
    DIFFERS("\"$id\"", "2"),
    DIFFERS("[1]", "2"),
    DIFFERS("{\"a\":1}", "2"),
    DIFFERS("{\"$exactly\":{\"a\":1}}", "{\"a\":1,\"b\":2}"),
    DIFFERS("{\"$plus\":{\"of\":\"$id\",\"seconds\":1}}", "2"),
    DIFFERS("{\"$uuid\":true}", "2"),
    DIFFERS("{\"$type\":\"string\"}", "2"),
    DIFFERS("{\"$between\":[3,4]}", "2"),
    DIFFERS("{\"$between\":[{\"$plus\":{\"of\":\"$id\",\"seconds\":1}},4]}", "\"2026-01-01T00:00:00Z\""),
    DIFFERS("{\"$length\":3}", "\"a\""),
    DIFFERS("{\"$any_order\":[1,2]}", "[1,1]"),
    DIFFERS("{\"$contains\":[{\"$any_order\":[1,2]}]}", "[[1,1],[3,4]]"),
    DIFFERS("{\"$own\":[1]}", "[\"" UUID "\"]"),
    DIFFERS("{\"$not\":{\"$own\":[\"$id\"]}}", "[\"" UUID "\"]"),
    DIFFERS("{\"$one_of\":[{\"$repeat\":{\"text\":\"a\",\"times\":\"$id\"}},\"{run}\"]}", "2"),
    {EXPECT("1"), ALL, {CREATED, {"describe", NULL, "conflict", "expired", "/a"}}, VERDICT_FAILED},
    {EXPECT("1"), ALL, {CREATED, {"describe", NULL, NULL, NULL, NULL}}, VERDICT_ERRORED},
    {EXPECT("1"), ALL, {{"reset", NULL, "internal", NULL, NULL}}, VERDICT_UNTESTABLE},
    {EXPECT("1"), ALL, {{"interrupt.create", "{}", NULL, NULL, NULL}}, VERDICT_UNTESTABLE},
    {"\"steps\":[{\"op\":\"describe\",\"args\":{},\"times\":2,\"bind\":{\"x\":\"/a\",\"y\":\"/b\"},"
     "\"requirement\":\"REQ-A-1\"},{\"op\":\"describe\",\"args\":{\"x\":\"$x\"}}]",
     ALL,
     {SAY("{\"a\":1,\"b\":2}"), SAY("{\"a\":1,\"b\":2}"), SAY("{}")},
     VERDICT_PASSED},
    {"\"steps\":[{\"op\":\"describe\",\"args\":{},\"times\":2,\"bind\":{\"x\":\"/a\"},"
     "\"requirement\":\"REQ-A-1\"}]",
     ALL,
     {SAY("{\"a\":1}"), SAY("{}")},
     VERDICT_FAILED},
    {"\"steps\":[{\"name\":\"no\",\"op\":\"describe\",\"args\":{\"a\":1},\"refused\":\"invalid\","
     "\"requirement\":"
     "\"REQ-A-1\"},{\"twin_of\":\"no\",\"set\":{\"/a\":2}}]",
     ALL,
     {SAY("{}")},
     VERDICT_FAILED},
    {"\"steps\":[{\"clock\":1}," PLAY_DESCRIBE "]",
     "[\"create\",\"describe\",\"clock\"]",
     {{"clock.set", NULL, "invalid", NULL, NULL},
      {"interrupt.create", "{\"interrupt\":{\"created_at\":\"2030-01-01T00:00:00Z\"}}", NULL, NULL, NULL},
      SAY("{}")},
     VERDICT_PASSED},
    {"\"steps\":[" PLAY_DESCRIBE "]", "[\"describe\"]", {SAY("{}")}, VERDICT_PASSED},
    {"\"needs\":[\"flow\"],\"steps\":[" PLAY_DESCRIBE "]",
     ALL,
     {{NULL, NULL, NULL, NULL, NULL}},
     VERDICT_UNSUPPORTED},
    {"\"rows\":{\"r\":{\"x\":{\"$repeat\":{\"text\":\"a\",\"times\":9}}}},\"steps\":[{\"op\":\"describe\","
     "\"args\":"
     "{\"x\":\"$x\"},\"requirement\":\"REQ-A-1\"}]",
     ALL,
     {SAY("{}")},
     VERDICT_PASSED},
};

struct setting {
    const struct row *row;
    struct suite *suite;
};

static enum hp_status run_row(void *context) {
    const struct setting *setting = context;
    const struct test_case *cases[] = {&setting->suite->cases[0]};
    struct run_plan plan = {.cases = cases, .case_count = 1, .suite = setting->suite, .deadline_ms = 100};
    struct case_result result = {0};
    struct hello hello = {0};
    struct hp_problem problem = {0};
    struct fake_target fake;
    fake_target_init(&fake, setting->row->capabilities, setting->row->script);
    fake.log = "moan";
    enum hp_status status = run_cases(&plan, &fake.target, &hello, &result, &problem);
    bool true_one = status == HP_OK && result.verdict == setting->row->verdict;
    if (result.verdict == VERDICT_FAILED) { /* a failure that does not say of what is none */
        assert_true(result.path && result.expected && result.got);
    }
    for (size_t i = 0; i < result.exchange_count; i++) {
        const struct exchange *exchange = &result.exchanges[i];
        assert_true(exchange->step && exchange->method && exchange->params && exchange->answer);
    }
    if (!true_one && result.verdict != VERDICT_ERRORED && result.verdict != VERDICT_UNTESTABLE) {
        fail_msg("row %zu: %s", (size_t)(setting->row - rows), verdict_name(result.verdict));
    }
    case_result_release(&result);
    hello_release(&hello);
    fake_target_release(&fake);
    return true_one ? HP_OK : HP_INTERNAL;
}

static void every_end_of_a_case_survives_every_failure(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play play;
        struct text text = {0};
        text_addf(&text, PLAY_CASE("a", "%s"), rows[i].members);
        play_init(&play, text.bytes, ALL, NULL);
        text_release(&text);
        struct setting setting = {&rows[i], play.suite};
        if (fail_alloc_sweep(run_row, &setting, true) < 4) {
            fail_msg("row %zu", i);
        }
        play_release(&play);
    }
}

static bool fits(void *context, size_t left, size_t right) {
    (void)context;
    return left == right;
}

static enum hp_status pair(void *context) {
    size_t unpaired = 0;
    return pairing_find(3, 3, fits, context, &unpaired);
}

static void pairing_survives_every_failure(void **state) {
    (void)state;
    assert_int_equal(fail_alloc_sweep(pair, NULL, false), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_of_a_case_survives_every_failure),
        cmocka_unit_test(pairing_survives_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
