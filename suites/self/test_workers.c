#include "harness/case/workers.h"

#include "harness/case/play.h"
#include "harness/case/select.h"
#include "suites/self/support_play.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { JOBS_MAX = 4, PATIENCE_SECONDS = 20 };

/* What the busy targets and the play do at once; guarded by the mutex. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned calling, calling_most; /* describes under way */
    bool plays;
    unsigned overlaps; /* of a play with anything else */
} floor_of = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* The first describe waits for a second one, so that what could run at once does. */
static void describe(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    pthread_mutex_lock(&floor_of.mutex);
    floor_of.calling++;
    floor_of.overlaps += floor_of.plays;
    if (floor_of.calling > floor_of.calling_most) {
        floor_of.calling_most = floor_of.calling;
    }
    pthread_cond_broadcast(&floor_of.changed);
    int late = 0;
    while (floor_of.calling_most < 2 && late == 0) {
        late = pthread_cond_timedwait(&floor_of.changed, &floor_of.mutex, &until);
    }
    floor_of.calling--;
    pthread_mutex_unlock(&floor_of.mutex);
}

static enum play_end play_alone(const struct play_stage *stage, const json_t *args, json_t **result,
                                struct hp_problem *problem) {
    (void)stage, (void)args, (void)problem;
    pthread_mutex_lock(&floor_of.mutex);
    floor_of.overlaps += floor_of.plays + floor_of.calling;
    floor_of.plays = true;
    pthread_mutex_unlock(&floor_of.mutex);
    *result = json_object();
    pthread_mutex_lock(&floor_of.mutex);
    floor_of.overlaps += floor_of.calling;
    floor_of.plays = false;
    pthread_mutex_unlock(&floor_of.mutex);
    return PLAY_DONE;
}

/* A target that describes itself, and is reset. */
static enum hp_status busy_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    (void)target, (void)problem;
    *hello = (struct hello){.name = text_copy("busy"),
                            .version = text_copy("1"),
                            .language = text_copy("C"),
                            .capabilities = json_pack("[sss]", "describe", "reset", "webhooks"),
                            .endpoints = 1};
    return HP_OK;
}

static enum hp_status busy_start(struct session *session, const struct request *request, unsigned *ticket,
                                 struct hp_problem *problem) {
    (void)session, (void)problem;
    *ticket = strcmp(request->method, "describe") == 0;
    return HP_OK;
}

static enum poll_state busy_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                 struct answer *answer) {
    (void)session, (void)timeout_ms;
    if (ticket) {
        describe();
    }
    *answer = (struct answer){.kind = ANSWER_RESULT, .result = json_object()};
    return POLL_ANSWERED;
}

static void busy_close(struct session *session) {
    free(session);
}

static enum hp_status busy_open(struct target *target, unsigned endpoint, struct session **session,
                                struct hp_problem *problem) {
    static const struct session_ops ops = {busy_start, busy_poll, busy_close};
    (void)endpoint, (void)problem;
    *session = malloc(sizeof **session);
    assert_non_null(*session);
    **session = (struct session){&ops, target};
    return HP_OK;
}

static void busy_nothing(struct target *target) {
    (void)target;
}

static void busy_log(struct target *target, struct text *log) {
    (void)target, (void)log;
}

static void busy_reproduce(struct target *target, const struct request *request, struct text *text) {
    (void)target, (void)request, (void)text;
}

static const struct target_ops busy_ops = {.hello = busy_hello,
                                           .open = busy_open,
                                           .restart = busy_nothing,
                                           .take_log = busy_log,
                                           .reproduce = busy_reproduce,
                                           .free = busy_nothing};

static void note(void *context, const struct case_result *result) {
    text_addf(context, "%s %s\n", result->test_case->id, verdict_name(result->verdict));
}

#define ASKS "\"steps\":[" PLAY_DESCRIBE "]"
#define PLAYS                                                                                                \
    "\"steps\":[{\"play\":\"webhook.nowhere\",\"args\":{},\"expect\":{\"$type\":\"object\"},"                \
    "\"requirement\":\"REQ-A-1\"}]"

static void a_case_with_a_play_has_the_machine_for_itself(void **state) {
    (void)state;
    static const char cases[] =
        PLAY_CASE("a", ASKS) "," PLAY_CASE("b", ASKS) "," PLAY_CASE("c", PLAYS) "," PLAY_CASE(
            "d", ASKS) "," PLAY_CASE("e", ASKS) "," PLAY_CASE("f", PLAYS) "," PLAY_CASE("g", PLAYS);
    struct target targets[JOBS_MAX], *others[JOBS_MAX - 1];
    struct play play;
    struct text told = {0};
    for (size_t i = 0; i < JOBS_MAX; i++) {
        targets[i].ops = &busy_ops;
        others[i > 0 ? i - 1 : 0] = &targets[i];
    }
    play_init(&play, cases, "[]", NULL);
    assert_false(case_runs_alone(play.cases[0]));
    assert_true(case_runs_alone(play.cases[2]));
    play.plan.done = note;
    play.plan.context = &told;
    play.plan.others = others;
    play.plan.other_count = JOBS_MAX - 1;
    play.plan.deadline_ms = 1000 * PATIENCE_SECONDS;
    assert_int_equal(run_cases(&play.plan, &targets[0], &play.hello, play.results, &play.problem), HP_OK);
    assert_string_equal(told.bytes, "kinds.a passed\nkinds.b passed\nkinds.c passed\nkinds.d passed\n"
                                    "kinds.e passed\nkinds.f passed\nkinds.g passed\n");
    assert_in_range(floor_of.calling_most, 2, JOBS_MAX);
    assert_int_equal(floor_of.overlaps, 0);
    text_release(&told);
    play_release(&play);
}

/* One run of the project's own cases on so many instances: what was told, and every result in a line. */
struct outcome {
    struct text told, results;
};

/* How a row is run. */
struct manner {
    const char *target;
    bool fail_fast;
    size_t stop_after; /* 0: never */
};

struct telling {
    struct text *told;
    size_t asked, stop_after;
};

static void tell(void *context, const struct case_result *result) {
    note(((struct telling *)context)->told, result);
}

static bool stop(void *context) {
    struct telling *telling = context;
    return telling->stop_after > 0 && telling->asked++ >= telling->stop_after;
}

static const struct suite *suite;
static const struct test_case **selected;
static size_t selected_count;

static void run(const struct manner *manner, size_t jobs, struct outcome *outcome) {
    struct target *targets[JOBS_MAX] = {NULL};
    struct case_result *results = calloc(selected_count + 1, sizeof *results);
    struct telling telling = {&outcome->told, 0, manner->stop_after};
    struct hp_problem problem = {0};
    struct hello hello;
    assert_non_null(results);
    for (size_t i = 0; i < jobs; i++) {
        assert_int_equal(target_from_name(manner->target, 10000, &targets[i], &problem), HP_OK);
    }
    const struct run_plan plan = {.cases = selected,
                                  .case_count = selected_count,
                                  .suite = suite,
                                  .seed = 1,
                                  .deadline_ms = 10000,
                                  .fail_fast = manner->fail_fast,
                                  .stop = stop,
                                  .done = tell,
                                  .context = &telling,
                                  .others = targets + 1,
                                  .other_count = jobs - 1};
    assert_int_equal(run_cases(&plan, targets[0], &hello, results, &problem), HP_OK);
    for (size_t i = 0; i < selected_count; i++) {
        const struct case_result *result = &results[i];
        text_addf(&outcome->results, "%s %s %s %s\n", result->test_case->id, verdict_name(result->verdict),
                  result->reason ? result->reason : "", result->fingerprint);
        case_result_release(&results[i]);
    }
    free(results);
    hello_release(&hello);
    for (size_t i = 0; i < jobs; i++) {
        target_free(targets[i]);
    }
}

static void release(struct outcome *outcome) {
    text_release(&outcome->told);
    text_release(&outcome->results);
}

static void many_workers_say_what_one_says(void **state) {
    (void)state;
    static const struct manner manners[] = {
        {"memory", false, 0},
        {"mutant:falls-back-to-a-kind", false, 0},
        {"mutant:falls-back-to-a-kind", true, 0},
    };
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++) {
        struct outcome one = {0};
        run(&manners[i], 1, &one);
        for (size_t jobs = 2; jobs <= JOBS_MAX; jobs++) {
            struct outcome many = {0};
            run(&manners[i], jobs, &many);
            assert_string_equal(many.results.bytes, one.results.bytes);
            assert_string_equal(many.told.bytes, one.told.bytes);
            release(&many);
        }
        /* So that the row shows something. */
        assert_int_equal(strstr(one.results.bytes, " failed ") != NULL, i > 0);
        assert_int_equal(strstr(one.results.bytes, " not_run ") != NULL, manners[i].fail_fast);
        release(&one);
    }
}

static void a_stop_lets_what_is_under_way_finish_and_leaves_the_rest(void **state) {
    (void)state;
    static const struct manner manner = {"memory", false, 20};
    struct outcome outcome = {0};
    run(&manner, JOBS_MAX, &outcome);
    size_t passed = 0, left = 0;
    for (const char *at = outcome.told.bytes; (at = strchr(at, ' ')); at++) {
        passed += strncmp(at, " passed", 7) == 0;
        left += strncmp(at, " not_run", 8) == 0;
    }
    /* What was begun before the twentieth question, and no case twice. */
    assert_in_range(passed, 20 - JOBS_MAX, 20);
    assert_int_equal(passed + left, selected_count);
    assert_non_null(strstr(outcome.results.bytes, "not_run the run was stopped before it"));
    release(&outcome);
}

static int set_up(void **state) {
    (void)state;
    static const char *const patterns[] = {"kinds", "users", "listing.shape"};
    const struct selection selection = {patterns, sizeof patterns / sizeof patterns[0], NULL};
    struct hp_problem problem = {0};
    play_register("webhook.nowhere", play_alone);
    setenv("HOLDPOINT_FIXTURES", "fixtures", 1);
    return suite_load("fixtures", (struct suite **)&suite, &problem) == HP_OK &&
                   select_cases(suite, &selection, &selected, &selected_count, &problem) == HP_OK
               ? 0
               : -1;
}

static int tear_down(void **state) {
    (void)state;
    free(selected);
    suite_free((struct suite *)suite);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_with_a_play_has_the_machine_for_itself),
        cmocka_unit_test(many_workers_say_what_one_says),
        cmocka_unit_test(a_stop_lets_what_is_under_way_finish_and_leaves_the_rest),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) != 0;
}
