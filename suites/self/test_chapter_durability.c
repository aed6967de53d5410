#include "suites/chapters/durability.h"
#include "suites/chapters/webhook.h"

#include "harness/adapters/in_process.h"
#include "harness/base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_cluster.h"

enum { PATIENCE_MS = 20000 };

static struct hp_problem problem;

/* What the play comes to for a target of that name. */
static enum play_end perform(const char *name, const char *args, json_t **result) {
    struct hello hello = {.name = (char *)name, .database = (char *)support_conninfo(), .endpoints = 1};
    const struct play_stage stage = {.hello = &hello, .fixtures = "fixtures", .deadline_ms = PATIENCE_MS};
    json_t *read = json_loads(args, 0, NULL);
    assert_non_null(read);
    hp_problem_clear(&problem);
    *result = NULL;
    enum play_end end = durability_crash_play(&stage, read, result, &problem);
    json_decref(read);
    return end;
}

static json_t *must(const char *args) {
    json_t *result = NULL;
    if (perform("holdpoint reference, PostgreSQL store", args, &result) != PLAY_DONE) {
        fail_msg("%s", problem.detail);
    }
    return result;
}

static void expect(const json_t *result, const char *pointer, const char *json) {
    json_t *expected = json_loads(json, JSON_DECODE_ANY, NULL);
    if (!json_equal(value_at(result, pointer), expected)) {
        char *got = json_dumps(result, 0);
        fail_msg("%s is not %s in %s", pointer, json, got);
    }
    json_decref(expected);
}

static void what_was_committed_is_counted(void **state) {
    (void)state;
    json_t *result =
        must("{\"interrupts\":3,\"answered\":1,\"act\":\"respond\",\"hold\":\"change.done\",\"again\":true}");
    expect(result, "/shown", "\"resolved\"");
    expect(result, "/again", "200");
    expect(result, "/replayed", "true");
    expect(result, "/rows", "3");
    expect(result, "/statuses", "{\"resolved\":2,\"pending\":1}");
    expect(result, "/changed", "0");
    expect(result, "/events", "{\"interrupt.clarification_needed\":3,\"interrupt.resolved\":2}");
    expect(result, "/doubled", "0");
    expect(result, "/deliveries", "null");
    json_decref(result);
}

/* The same play with a server that keeps everything in its memory: all of it is missed. */
static void a_server_that_keeps_nothing_is_found_out(void **state) {
    (void)state;
    json_t *result = must("{\"interrupts\":3,\"answered\":1,\"act\":\"respond\",\"hold\":\"change.done\","
                          "\"again\":true,\"store\":\"memory\",\"webhook\":true}");
    expect(result, "/shown", "null");
    expect(result, "/again", "404");
    expect(result, "/replayed", "false");
    expect(result, "/rows", "0");
    expect(result, "/statuses", "{}");
    expect(result, "/changed", "2");
    expect(result, "/events", "{}");
    expect(result, "/deliveries", "{\"count\":0,\"distinct\":0}");
    json_decref(result);
}

/* The servers have the fault that the target's hello names. */
static void the_fault_of_the_target_is_that_of_its_servers(void **state) {
    (void)state;
    struct hello hello = {.name = "holdpoint reference, PostgreSQL store, mutant",
                          .database = (char *)support_conninfo(),
                          .endpoints = 1,
                          .fault = "write-behind"};
    const struct play_stage stage = {.hello = &hello, .fixtures = "fixtures", .deadline_ms = PATIENCE_MS};
    json_t *args = json_pack("{s:s, s:s}", "act", "respond", "hold", "change.done"), *result = NULL;
    assert_int_equal(durability_crash_play(&stage, args, &result, &problem), PLAY_DONE);
    expect(result, "/shown", "\"pending\"");
    expect(result, "/rows", "1");
    json_decref(args);
    json_decref(result);
}

static void deliveries_are_counted_by_their_ids(void **state) {
    (void)state;
    json_t *result = must("{\"webhook\":true,\"act\":\"flush\",\"hold\":\"webhook.settle\"}");
    expect(result, "/deliveries", "{\"count\":2,\"distinct\":1}");
    json_decref(result);
}

static void a_lock_holds_a_server_too(void **state) {
    (void)state;
    json_t *swept = must("{\"interrupts\":3,\"act\":\"sweep\",\"lock\":\"row\",\"again\":true}");
    expect(swept, "/statuses", "{\"expired\":3}");
    expect(swept, "/events/interrupt.expired", "3");
    expect(swept, "/doubled", "0");
    json_t *upgraded = must("{\"act\":\"start\",\"lock\":\"legacy\"}");
    expect(upgraded, "/rows", "11");
    json_decref(swept);
    json_decref(upgraded);
}

static void nothing_is_left_of_it(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    json_decref(must("{\"act\":\"create\",\"hold\":\"create\"}"));
    assert_int_equal(
        pg_ask(&pg, "select count(*) from pg_namespace where nspname like 'holdpoint\\_crash%%'"), 0);
    pg_bench_release(&pg);
}

static void a_point_that_is_not_reached_is_untestable(void **state) {
    (void)state;
    json_t *result;
    assert_int_equal(
        perform("holdpoint serve, PostgreSQL store", "{\"act\":\"respond\",\"hold\":\"sweep\"}", &result),
        PLAY_UNTESTABLE);
    assert_non_null(strstr(problem.detail, "the call was answered"));
    assert_null(result);
}

static void another_service_is_not_judged_by_our_server(void **state) {
    (void)state;
    json_t *result;
    assert_int_equal(perform("flows", "{\"act\":\"respond\",\"hold\":\"change\"}", &result),
                     PLAY_UNSUPPORTED);
    assert_non_null(strstr(problem.detail, "how flows is started nobody has said"));
}

static void wrong_args_say_so(void **state) {
    (void)state;
    static const struct {
        const char *args, *says;
    } rows[] = {
        {"{\"hold\":\"change\"}", "/args/act"},
        {"{\"act\":\"sleep\",\"hold\":\"change\"}", "/args/act"},
        {"{\"act\":\"respond\",\"lock\":\"door\"}", "/args/lock"},
        {"{\"act\":\"respond\"}", "/args/hold"},
        {"{\"act\":\"respond\",\"hold\":\"change\",\"lock\":\"row\"}", "/args/hold"},
        {"{\"act\":\"start\",\"lock\":\"row\"}", "/args/hold"},
        {"{\"act\":\"respond\",\"hold\":\"change\",\"interrupts\":17}", "/args/interrupts"},
        {"{\"act\":\"respond\",\"hold\":\"change\",\"interrupts\":\"1\"}", "/args/interrupts"},
        {"{\"act\":\"respond\",\"hold\":\"change\",\"answered\":1}", "/args/answered"},
        {"{\"act\":\"respond\",\"hold\":\"nowhere\"}", "there is no point"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *result;
        assert_int_equal(perform("holdpoint reference", rows[i].args, &result), PLAY_BROKEN);
        assert_null(result);
        if (!strstr(problem.detail, rows[i].says)) {
            fail_msg("%s: %s", rows[i].args, problem.detail);
        }
    }
}

/* How often, and what, a play had restarted. */
static struct {
    struct target *target;
    int times;
} restarts;

static void restart(void *target) {
    target_restart(target);
    restarts.target = target;
    restarts.times++;
}

/* One play on a target, which is asked for what there is before and after. */
static enum play_end perform_restart(struct target *target, const char *args, int64_t *clock_us,
                                     json_t **result) {
    struct hello hello = {0};
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    const struct play_stage stage = {.target = target,
                                     .hello = &hello,
                                     .deadline_ms = PATIENCE_MS,
                                     .clock_us = clock_us,
                                     .restart = restart,
                                     .restarted = target};
    json_t *read = json_loads(args, 0, NULL);
    hp_problem_clear(&problem);
    *result = NULL;
    enum play_end end = durability_restart_play(&stage, read, result, &problem);
    json_decref(read);
    hello_release(&hello);
    return end;
}

/* What one call answers. */
static json_t *ask(struct target *target, const char *method, const char *params) {
    struct session *session = NULL;
    struct answer answer = {0};
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    session_call(session, &(struct request){method, params, strlen(params), false}, PATIENCE_MS, &answer);
    if (answer.kind != ANSWER_RESULT) {
        fail_msg("%s: %s", method, answer.detail);
    }
    json_t *result = json_incref(answer.result);
    answer_release(&answer);
    session_close(session);
    return result;
}

static void what_is_in_a_database_outlives_a_restart(void **state) {
    (void)state;
    static const char now[] = "{\"now\":\"2025-12-11T09:30:01.000000Z\"}";
    struct target *target = NULL;
    int64_t clock_us = INT64_C(1765445401000000);
    json_t *result = NULL;
    assert_int_equal(in_process_postgres_new(support_conninfo(), &target, NULL), HP_OK);
    json_decref(ask(target, "clock.set", now));
    json_t *before = ask(target, "kernel.submit", "{\"envelope\":{\"envelope_id\":\"e\"}}");
    restarts.times = 0;
    assert_int_equal(perform_restart(target, "{}", &clock_us, &result), PLAY_DONE);
    assert_int_equal(restarts.times, 1);
    assert_ptr_equal(restarts.target, target);
    assert_int_equal(clock_us, INT64_C(1765445401000000));
    expect(result, "/same", "true");
    json_t *after = ask(target, "kernel.get", "{\"pid\":\"e\"}");
    assert_true(json_equal(before, after));
    json_t *later = ask(target, "kernel.submit", "{\"envelope\":{\"envelope_id\":\"f\"}}");
    expect(later, "/envelope/created_at", "\"2025-12-11T09:30:01.000000Z\"");
    json_decref(result);
    json_decref(before);
    json_decref(after);
    json_decref(later);
    target_free(target);
}

static void a_restart_that_fails_breaks_the_play(void **state) {
    (void)state;
    struct target *target = in_process_memory_new();
    int64_t clock_us = 0; /* in memory the clock is the old one, and does not go back */
    json_t *result = NULL;
    json_decref(ask(target, "clock.set", "{\"now\":\"2025-12-11T09:30:01.000000Z\"}"));
    restarts.times = 0;
    assert_int_equal(perform_restart(target, "{\"again\":true}", &clock_us, &result), PLAY_BROKEN);
    assert_non_null(strstr(problem.detail, "at /args of the play"));
    assert_int_equal(restarts.times, 0);
    assert_int_equal(perform_restart(target, "{}", &clock_us, &result), PLAY_BROKEN);
    assert_non_null(strstr(problem.detail, "clock.set after the restart"));
    assert_null(result);
    target_free(target);
}

static int tear_down(void **state) {
    chapter_webhook_release();
    return support_cluster_stop(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_committed_is_counted),
        cmocka_unit_test(a_server_that_keeps_nothing_is_found_out),
        cmocka_unit_test(the_fault_of_the_target_is_that_of_its_servers),
        cmocka_unit_test(deliveries_are_counted_by_their_ids),
        cmocka_unit_test(a_lock_holds_a_server_too),
        cmocka_unit_test(nothing_is_left_of_it),
        cmocka_unit_test(a_point_that_is_not_reached_is_untestable),
        cmocka_unit_test(another_service_is_not_judged_by_our_server),
        cmocka_unit_test(wrong_args_say_so),
        cmocka_unit_test(what_is_in_a_database_outlives_a_restart),
        cmocka_unit_test(a_restart_that_fails_breaks_the_play),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, tear_down) == 0 ? 0 : 1;
}
