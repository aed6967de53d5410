#include "harness/lab/schedule_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/adapters/in_process.h"
#include "suites/self/support_cluster.h"
#include "suites/self/support_faulty_store.h"
#include "suites/self/support_folder.h"
#include "suites/self/support_spoilt.h"

#define START_US INT64_C(1900000000000000)

/* A target with a schedule that is played on it. */
struct stand {
    struct target *target;
    struct hello hello;
    struct schedule schedule;
    struct schedule_result result;
    struct hp_problem problem;
    int64_t clock_us;
};

static enum hp_status run(struct stand *stand, struct target *target, const char *fixtures,
                          const char *name) {
    *stand = (struct stand){.target = target};
    assert_non_null(target);
    assert_int_equal(target_hello(target, &stand->hello, NULL), HP_OK);
    if (schedule_load(fixtures, name, &stand->schedule, &stand->problem) != HP_OK) {
        fail_msg("%s", stand->problem.detail);
    }
    const struct crew crew = {.target = target,
                              .hello = &stand->hello,
                              .deadline_ms = 10000,
                              .seed = 7,
                              .start_us = START_US,
                              .reset = true};
    return schedule_run(&crew, &stand->schedule, &stand->result, &stand->clock_us, &stand->problem);
}

static void release(struct stand *stand) {
    schedule_result_release(&stand->result);
    schedule_release(&stand->schedule);
    hello_release(&stand->hello);
    target_free(stand->target);
}

static struct target *faulty(struct hp_store *(*wrap)(struct hp_store *, void *)) {
    static struct store_decorator decorator;
    decorator = (struct store_decorator){.wrap = wrap};
    return in_process_memory_decorated_new(&decorator);
}

static const json_t *violation(const struct stand *stand, size_t at) {
    return json_array_get(stand->result.violations, at);
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* Lines of a transcript joined by "; ". */
static char *joined(const json_t *lines) {
    struct text text = {0};
    size_t index;
    json_t *line;
    json_array_foreach((json_t *)lines, index, line) {
        text_addf(&text, "%s%s", index > 0 ? "; " : "", json_string_value(line));
    }
    return text_take(&text);
}

static void expect_lines(const json_t *lines, const char *expected) {
    char *got = joined(lines);
    assert_string_equal(got, expected);
    free(got);
}

static const char *const everywhere[] = {
    "respond-respond", "respond-cancel", "respond-sweep", "respond-clock", "cancel-sweep",
    "sweep-sweep",     "get-respond",    "list-change",   "create-list",   "event-order",
    "strangers",       "two-servers",    "many"};
static const char *const held[] = {"held-respond", "held-sweep", "held-get", "held-clock",
                                   "held-cancel-sweep"};

static void expect_clean(struct stand *stand, enum hp_status status, const char *name) {
    if (status != HP_OK) {
        fail_msg("%s: %s", name, stand->problem.detail);
    }
    assert_int_equal(stand->result.failed, 0);
    assert_int_equal(json_array_size(stand->result.violations), 0);
    assert_int_equal(json_array_size(stand->result.differences), 0);
    assert_string_equal(stand->result.finding.sentence, "");
    assert_true(stand->clock_us >= START_US);
}

static void the_reference_has_no_violations_in_memory(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++) {
        struct stand stand;
        enum hp_status status = run(&stand, in_process_memory_new(), "fixtures", everywhere[i]);
        expect_clean(&stand, status, everywhere[i]);
        assert_string_equal(stand.result.how, "exact, by the store's calls");
        assert_true(stand.result.runs > stand.schedule.order_count);
        release(&stand);
    }
}

static void the_reference_has_no_violations_on_postgres(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        struct stand stand;
        struct target *target = NULL;
        assert_int_equal(in_process_postgres_new(support_conninfo(), &target, NULL), HP_OK);
        enum hp_status status = run(&stand, target, "fixtures", held[i]);
        expect_clean(&stand, status, held[i]);
        assert_string_equal(stand.result.how, "exact, by statement");
        release(&stand);
    }
}

/* Reads, checks and writes in steps of their own: two winners, as soon as one comes between the steps of the other. */
static void a_missing_guard_is_found_with_one_preemption(void **state) {
    (void)state;
    for (unsigned time = 0; time < 2; time++) {
        struct stand stand;
        assert_int_equal(run(&stand, faulty(faulty_no_guard), "fixtures", "respond-respond"), HP_OK);
        assert_true(stand.result.failed > 0);
        assert_string_equal(text_of(violation(&stand, 0), "class"), "order");
        assert_int_equal(json_integer_value(json_object_get(violation(&stand, 0), "preemptions")), 1);
        assert_string_equal(text_of(violation(&stand, 0), "order"), "a.answer:change b.answer a.answer");
        expect_lines(json_object_get(violation(&stand, 0), "shows"),
                     "a.answer:change; b.answer: ok; a.answer: ok");
        assert_int_equal(json_array_size(stand.result.violations), 3);
        assert_int_equal(stand.result.finding.class, FINDING_ORDER);
        assert_int_equal(stand.result.performance.outcomes[0][0].end, ACT_DONE);
        release(&stand);
    }
}

static void a_stale_cache_is_found_with_one_preemption(void **state) {
    (void)state;
    struct stand stand;
    assert_int_equal(run(&stand, faulty(faulty_cache), "fixtures", "get-respond"), HP_OK);
    assert_int_equal(json_integer_value(json_object_get(violation(&stand, 0), "preemptions")), 1);
    assert_string_equal(text_of(violation(&stand, 0), "order"), "r.first:get.done a.answer r.first r.second");
    expect_lines(json_object_get(violation(&stand, 0), "shows"),
                 "r.first:get.done; a.answer: ok; r.first: #0 pending; r.second: #0 pending");
    release(&stand);
}

#define SCHEDULE(members) "{\"$schema\":\"x\",\"title\":\"t\"," members "}"
#define ONE "\"interrupts\":[{\"kind\":\"clarification\",\"ttl_seconds\":60}],"
#define TWO_ANSWERS                                                                                          \
    "\"sessions\":[{\"name\":\"a\",\"steps\":[{\"name\":\"answer\",\"do\":\"respond\",\"on\":0}]},"          \
    "{\"name\":\"b\",\"steps\":[{\"name\":\"answer\",\"do\":\"respond\",\"on\":0}]}],"

/* Without preemptions a missing guard is never seen: what the bound is for. */
static void whole_operations_do_not_show_a_missing_guard(void **state) {
    (void)state;
    struct stand stand;
    const char *fixtures =
        fixtures_of_schedule(SCHEDULE(ONE TWO_ANSWERS "\"exhaustive\":{\"preemptions\":0}"));
    assert_int_equal(run(&stand, faulty(faulty_no_guard), fixtures, "one"), HP_OK);
    assert_int_equal(stand.result.runs, 2);
    assert_int_equal(stand.result.failed, 0);
    release(&stand);
    fixtures_remove();
}

static void chance_finds_it_too_and_the_same_from_one_seed(void **state) {
    (void)state;
    char *orders[2];
    for (size_t i = 0; i < 2; i++) {
        struct stand stand;
        const char *fixtures = fixtures_of_schedule(SCHEDULE(ONE TWO_ANSWERS "\"random\":{\"count\":40}"));
        assert_int_equal(run(&stand, faulty(faulty_no_guard), fixtures, "one"), HP_OK);
        assert_int_equal(stand.result.runs, 40);
        assert_true(stand.result.failed > 0 && stand.result.failed < 40);
        for (size_t at = 0; at < json_array_size(stand.result.violations); at++) {
            json_object_del(json_array_get(stand.result.violations, at), "what"); /* it tells times */
        }
        orders[i] = json_dumps(stand.result.violations, JSON_SORT_KEYS);
        release(&stand);
    }
    assert_string_equal(orders[0], orders[1]);
    free(orders[0]);
    free(orders[1]);
    fixtures_remove();
}

static void what_an_order_shows_is_held_against_what_it_must(void **state) {
    (void)state;
    struct stand stand;
    const char *fixtures = fixtures_of_schedule(SCHEDULE(
        ONE TWO_ANSWERS "\"permutations\":[{\"order\":\"b.answer a.answer\",\"shows\":[\"b.answer: ok\","
                        "\"a.answer: ok\"]},{\"order\":\"a.answer\",\"shows\":[\"a.answer: ok\","
                        "\"b.answer: conflict:resolved\"]}]"));
    assert_int_equal(run(&stand, in_process_memory_new(), fixtures, "one"), HP_OK);
    assert_int_equal(stand.result.runs, 2);
    assert_int_equal(stand.result.failed, 0);
    assert_int_equal(json_array_size(stand.result.differences), 1);
    const json_t *difference = json_array_get(stand.result.differences, 0);
    assert_string_equal(text_of(difference, "order"), "b.answer a.answer");
    expect_lines(json_object_get(difference, "expected"), "b.answer: ok; a.answer: ok");
    expect_lines(json_object_get(difference, "shows"), "b.answer: ok; a.answer: conflict:resolved");
    release(&stand);
    fixtures_remove();
}

/* The order wants a to go on while it waits for what only a later word lets go. */
static void an_order_that_cannot_go_on_is_a_difference(void **state) {
    (void)state;
    struct stand stand;
    struct target *target = NULL;
    const char *fixtures = fixtures_of_schedule(SCHEDULE(
        ONE "\"sessions\":[{\"name\":\"a\",\"steps\":[{\"name\":\"answer\",\"do\":\"respond\",\"on\":0},"
            "{\"name\":\"read\",\"do\":\"get\",\"on\":0}]}],\"holders\":[{\"name\":\"h\",\"on\":0}],"
            "\"permutations\":[{\"order\":\"h.hold a.answer a.read h.let-go\",\"shows\":[\"x\"]}]"));
    assert_int_equal(in_process_postgres_new(support_conninfo(), &target, NULL), HP_OK);
    assert_int_equal(run(&stand, target, fixtures, "one"), HP_OK);
    assert_int_equal(json_array_size(stand.result.differences), 1);
    assert_string_equal(text_of(json_array_get(stand.result.differences, 0), "what"),
                        "a.read is next, but a still waits: no word before it lets it go on");
    release(&stand);
    fixtures_remove();
}

/* Wraps the sessions and has no points. */
static void leave_alone(const char *method, struct answer *answer) {
    (void)method;
    (void)answer;
}

static void accept_conflicts(const char *method, struct answer *answer) {
    if (strcmp(method, "interrupt.respond") == 0 && answer->kind == ANSWER_REFUSED) {
        answer->kind = ANSWER_RESULT;
        answer->result = json_object();
    }
}

static void without_points_many_runs_at_once_stand_for_the_orders(void **state) {
    (void)state;
    struct stand stand;
    assert_int_equal(
        run(&stand, spoilt_new(in_process_memory_new(), leave_alone), "fixtures", "respond-respond"), HP_OK);
    expect_clean(&stand, HP_OK, "respond-respond");
    assert_string_equal(stand.result.how, "seeded timing");
    assert_int_equal(stand.result.runs, 20);
    release(&stand);
    assert_int_equal(
        run(&stand, spoilt_new(in_process_memory_new(), accept_conflicts), "fixtures", "respond-respond"),
        HP_OK);
    assert_int_equal(stand.result.failed, 20);
    assert_non_null(json_object_get(violation(&stand, 0), "run"));
    assert_null(json_object_get(violation(&stand, 0), "order"));
    release(&stand);
}

/* Another's service on a database: no points, but its rows can be held. */
static void rows_can_be_held_where_calls_cannot(void **state) {
    (void)state;
    struct stand stand;
    struct target *target = NULL;
    assert_int_equal(in_process_postgres_new(support_conninfo(), &target, NULL), HP_OK);
    enum hp_status status = run(&stand, spoilt_new(target, leave_alone), "fixtures", "held-sweep");
    expect_clean(&stand, status, "held-sweep");
    assert_string_equal(stand.result.how, "exact, by whole operations");
    release(&stand);
}

static void what_a_target_lacks_is_said(void **state) {
    (void)state;
    struct stand stand;
    assert_int_equal(run(&stand, in_process_memory_new(), "fixtures", "held-sweep"), HP_UNSUPPORTED);
    assert_non_null(strstr(stand.problem.detail, "does not say where its database is"));
    release(&stand);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_has_no_violations_in_memory),
        cmocka_unit_test(the_reference_has_no_violations_on_postgres),
        cmocka_unit_test(a_missing_guard_is_found_with_one_preemption),
        cmocka_unit_test(a_stale_cache_is_found_with_one_preemption),
        cmocka_unit_test(whole_operations_do_not_show_a_missing_guard),
        cmocka_unit_test(chance_finds_it_too_and_the_same_from_one_seed),
        cmocka_unit_test(what_an_order_shows_is_held_against_what_it_must),
        cmocka_unit_test(an_order_that_cannot_go_on_is_a_difference),
        cmocka_unit_test(without_points_many_runs_at_once_stand_for_the_orders),
        cmocka_unit_test(rows_can_be_held_where_calls_cannot),
        cmocka_unit_test(what_a_target_lacks_is_said),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
