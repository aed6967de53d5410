/* Every allocation around flows and limits in the PostgreSQL store fails once: an error and no crash, no leak (the sanitizers look
 * for it), and what is in the tables is what was there, or all of what was asked for. libpq's own allocations are left alone. */
#include "suites/self/support_cluster.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define INTERRUPT "0f8fad5b-d9cb-469f-a165-70867728950e"

struct scene {
    struct pg_bench pg;
    struct hp_problem problem;
    unsigned number; /* of what the operation makes, so that it can be done again */
};

/* "p7": another one each time, so that no try meets what an earlier one has left. */
static struct hp_flow draft(struct scene *scene, char pid[32]) {
    snprintf(pid, 32, "p%u", scene->number++);
    return (struct hp_flow){.pid = pid,
                            .version = 1,
                            .state = HP_FLOW_RUNNING,
                            .envelope = "{\"a\":[1e22,\"b\"]}",
                            .notes = "{\"n\":1}"};
}

static struct hp_store *store_of(struct scene *scene) {
    return scene->pg.bench.store;
}

static enum hp_status moment(void *context) {
    struct scene *scene = context;
    struct hp_moment moment;
    return store_moment(store_of(scene), &moment, &scene->problem);
}

static enum hp_status add(void *context) {
    char pid[32];
    const struct hp_flow flow = draft(context, pid);
    struct scene *scene = context;
    return store_flow_add(store_of(scene), &flow, &scene->problem);
}

static enum hp_status get(void *context) {
    struct scene *scene = context;
    struct hp_flow *flow = NULL;
    enum hp_status status = store_flow_get(store_of(scene), "waiting", &flow, &scene->problem);
    assert_int_equal(flow != NULL, status == HP_OK);
    hp_flow_free(flow);
    return status;
}

/* Where it stands, so that the next try is a change as well. */
static enum hp_status change(void *context) {
    struct scene *scene = context;
    struct hp_flow after = {.pid = "waiting", .state = HP_FLOW_WAITING, .envelope = "{}", .notes = "{}"};
    after.version = pg_ask(&scene->pg, "select version from flow_processes where pid = 'waiting'") + 1;
    snprintf(after.interrupt_id, sizeof after.interrupt_id, "%s", INTERRUPT);
    return store_flow_change(store_of(scene), &after, &scene->problem);
}

static enum hp_status resume_alone(void *context) {
    struct scene *scene = context;
    char id[HP_ID_SIZE];
    snprintf(id, sizeof id, "0f8fad5b-d9cb-469f-a165-%012u", scene->number++);
    return store_flow_resume(store_of(scene), "none", id, NULL, &scene->problem);
}

static enum hp_status resume_process(void *context) {
    struct scene *scene = context;
    struct hp_flow after = {.pid = "waiting", .state = HP_FLOW_READY, .envelope = "{}", .notes = "{}"};
    char id[HP_ID_SIZE];
    snprintf(id, sizeof id, "1f8fad5b-d9cb-469f-a165-%012u", scene->number++);
    after.version = pg_ask(&scene->pg, "select version from flow_processes where pid = 'waiting'") + 1;
    return store_flow_resume(store_of(scene), "waiting", id, &after, &scene->problem);
}

/* An interrupt that moves a process along with it. */
static enum hp_status raise(void *context) {
    struct scene *scene = context;
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = NULL;
    struct hp_flow after = {.pid = "waiting", .state = HP_FLOW_WAITING, .envelope = "{}", .notes = "{}"};
    after.version = pg_ask(&scene->pg, "select version from flow_processes where pid = 'waiting'") + 1;
    request.flow = &after;
    enum hp_status status = store_create(store_of(scene), &request, &created, &scene->problem);
    assert_int_equal(created != NULL, status == HP_OK);
    hp_interrupt_free(created);
    return status;
}

/* An interrupt about a limit, which nobody raised meanwhile. */
static enum hp_status claim(void *context) {
    struct scene *scene = context;
    struct hp_rate_claim claim = {.user_id = "ann", .endpoint = "/x", .before = ""};
    struct hp_create request = bench_request(HP_RESOURCE_EXHAUSTED);
    struct hp_interrupt *created = NULL;
    pg_run(&scene->pg, "update flow_rate_windows set interrupt_id = null");
    request.rate = &claim;
    enum hp_status status = store_create(store_of(scene), &request, &created, &scene->problem);
    assert_int_equal(created != NULL, status == HP_OK);
    hp_interrupt_free(created);
    return status;
}

static enum hp_status set_limits(void *context) {
    struct scene *scene = context;
    const struct hp_rate_rule rule = {.endpoint = "/y", .limits = {.most = {1, 2, 3}}};
    return store_rate_set(store_of(scene), &rule, &scene->problem);
}

static enum hp_status check(void *context) {
    struct scene *scene = context;
    const struct hp_rate_call call = {.user_id = "ann", .endpoint = "/y", .record = true};
    struct hp_rate_answer answer;
    return store_rate_check(store_of(scene), &call, &answer, &scene->problem);
}

static void each_allocation(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hp_status (*operation)(void *context);
    } rows[] = {{"moment", moment},
                {"add", add},
                {"get", get},
                {"change", change},
                {"resume", resume_alone},
                {"resume a process", resume_process},
                {"raise", raise},
                {"set limits", set_limits},
                {"check", check},
                {"claim", claim}};
    static const struct hp_flow flow = {
        .pid = "waiting", .version = 1, .state = HP_FLOW_RUNNING, .envelope = "{}", .notes = "{}"};
    static const struct hp_rate_call call = {.user_id = "ann", .endpoint = "/x", .record = true};
    struct hp_rate_answer answer;
    struct scene scene = {0};
    pg_bench_init(&scene.pg, NULL);
    assert_int_equal(store_flow_add(store_of(&scene), &flow, NULL), HP_OK);
    assert_int_equal(store_rate_check(store_of(&scene), &call, &answer, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (fail_alloc_sweep(rows[i].operation, &scene, false) == 0) {
            fail_msg("%s: %s", rows[i].name, scene.problem.detail);
        }
        hp_problem_clear(&scene.problem);
    }
    pg_bench_release(&scene.pg);
}

/* However a change of two tables breaks off, both or neither is changed. */
static void whole_or_not_at_all(void **state) {
    (void)state;
    static const char both[] = "select (select version - 1 from flow_processes where pid = 'waiting')"
                               " - (select count(*) from flow_resumptions)"
                               " - (select count(*) from flow_interrupts)";
    static const struct hp_flow flow = {
        .pid = "waiting", .version = 1, .state = HP_FLOW_RUNNING, .envelope = "{}", .notes = "{}"};
    enum hp_status (*const operations[])(void *context) = {resume_process, raise};
    struct scene scene = {0};
    pg_bench_init(&scene.pg, NULL);
    assert_int_equal(store_flow_add(store_of(&scene), &flow, NULL), HP_OK);
    for (size_t i = 0; i < 2; i++) {
        bool hit = true;
        for (size_t nth = 1; hit; nth++) {
            fail_alloc_arm(nth);
            enum hp_status status = operations[i](&scene);
            hit = fail_alloc_disarm();
            assert_true(status == HP_OK || (hit && status == HP_INTERNAL));
            assert_int_equal(pg_ask(&scene.pg, both), 0);
        }
    }
    assert_true(pg_ask(&scene.pg, "select count(*) from flow_resumptions") > 0);
    assert_true(pg_ask(&scene.pg, "select count(*) from flow_interrupts") > 0);
    pg_bench_release(&scene.pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation),
                                       cmocka_unit_test(whole_or_not_at_all)};
    fail_alloc_install();
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
