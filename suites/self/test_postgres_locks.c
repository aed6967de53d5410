/* Several sessions at once on one interrupt: who waits for whom, and what he sees then. */
#include "reference/base/text.h"
#include "suites/self/support_cluster.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One operation in a thread of its own. */
struct task {
    pthread_t thread;
    struct hp_store *store;
    char id[HP_ID_SIZE];
    enum hp_status status;
    struct hp_problem problem;
    struct hp_interrupt *interrupt;
    struct hp_id_list ids;
    struct hp_page page;
};

static void *respond(void *argument) {
    struct task *task = argument;
    const struct hp_response response = {.approved = HP_APPROVED};
    const struct hp_change wish = {
        .id = task->id, .user_id = "ann", .to = HP_RESOLVED, .response = &response};
    task->status = store_change(task->store, &wish, &task->interrupt, &task->problem);
    return NULL;
}

static void *read_one(void *argument) {
    struct task *task = argument;
    task->status = store_get(task->store, task->id, &task->interrupt, &task->problem);
    return NULL;
}

static void *list_expired(void *argument) {
    struct task *task = argument;
    struct hp_query query = {.user_id = "ann", .statuses = 1u << HP_EXPIRED};
    hp_query_check(&query, NULL);
    task->status = store_list(task->store, &query, NULL, &task->page, &task->problem);
    return NULL;
}

static void *sweep(void *argument) {
    struct task *task = argument;
    task->status = store_expire_due(task->store, &task->ids, &task->problem);
    return NULL;
}

static void task_start(struct task *task, struct pg_bench *pg, const char *id, void *(*run)(void *)) {
    *task = (struct task){.store = pg->bench.store};
    text_put(task->id, sizeof task->id, id);
    assert_int_equal(pthread_create(&task->thread, NULL, run, task), 0);
}

/* Waits for the end of one that must have succeeded, or been refused so. */
static void task_join(struct task *task, enum hp_status wanted) {
    pthread_join(task->thread, NULL);
    if (task->status != wanted) {
        fail_msg("%s: %s", hp_status_name(task->status), task->problem.detail);
    }
}

static void task_release(struct task *task) {
    hp_interrupt_free(task->interrupt);
    hp_id_list_release(&task->ids);
    hp_page_release(&task->page);
}

/* A bench with one confirmation, which the other session holds. */
static struct hp_interrupt *hold_one(struct pg_bench *pg, int64_t ttl_us) {
    struct hp_create request = bench_request(HP_CONFIRMATION);
    request.ttl_us = ttl_us;
    pg_bench_init(pg, NULL);
    struct hp_interrupt *created = bench_create(&pg->bench, &request);
    pg_run(pg, "begin; select 1 from flow_interrupts where id = '%s' for update", created->id);
    return created;
}

static const char answer_sql[] =
    "update flow_interrupts set status = 'resolved', response = '{\"approved\": true}',"
    " resolved_at = created_at; commit";

static void the_loser_sees_the_winner(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        enum hp_status status;
        const char *shown;
    } rows[] = {{"update flow_interrupts set status = 'cancelled'; commit", HP_CONFLICT, "cancelled"},
                {answer_sql, HP_CONFLICT, "resolved"},
                {"update flow_interrupts set user_id = 'bob'; commit", HP_FORBIDDEN, ""},
                {"update flow_interrupts set kind = 'clarification'; commit", HP_INVALID, ""},
                {"delete from flow_interrupts; commit", HP_NOT_FOUND, ""},
                {"update flow_interrupts set message = 'seen'; commit", HP_OK, ""},
                {"update flow_interrupts set status = 'cancelled'; rollback", HP_OK, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pg_bench pg;
        struct task task;
        struct hp_interrupt *created = hold_one(&pg, HP_TTL_NEVER);
        task_start(&task, &pg, created->id, respond);
        pg_await_waiters(&pg, 1);
        pg_run(&pg, "%s", rows[i].sql);
        task_join(&task, rows[i].status);
        assert_string_equal(task.problem.interrupt_status, rows[i].shown);
        assert_int_equal(
            pg_ask(&pg, "select count(*) from flow_interrupt_events where event_type = 'interrupt.resolved'"),
            rows[i].status == HP_OK);
        if (i == 5) {
            assert_string_equal(task.interrupt->message, "seen");
        }
        hp_interrupt_free(created);
        task_release(&task);
        pg_bench_release(&pg);
    }
}

/* Whoever locked it before its end may still answer; nobody may be told before that it has expired. */
static void an_overdue_one_is_waited_for(void **state) {
    (void)state;
    for (int answered = 0; answered < 2; answered++) {
        struct pg_bench pg;
        struct task get, list;
        struct hp_interrupt *created = hold_one(&pg, 1);
        bench_pass(&pg.bench, 2);
        task_start(&get, &pg, created->id, read_one);
        task_start(&list, &pg, created->id, list_expired);
        pg_await_waiters(&pg, 2);
        pg_run(&pg, "%s", answered ? answer_sql : "rollback");
        task_join(&get, HP_OK);
        task_join(&list, HP_OK);
        assert_int_equal(get.interrupt->status, answered ? HP_RESOLVED : HP_EXPIRED);
        assert_int_equal(list.page.count, answered ? 0 : 1);
        assert_int_equal(list.page.total, answered ? 0 : 1);
        hp_interrupt_free(created);
        task_release(&get);
        task_release(&list);
        pg_bench_release(&pg);
    }
}

static void a_sweep_waits_for_what_is_held(void **state) {
    (void)state;
    for (int answered = 0; answered < 2; answered++) {
        struct pg_bench pg;
        struct task task;
        struct hp_interrupt *held = hold_one(&pg, 1);
        struct hp_create request = bench_request(HP_TIMEOUT);
        request.ttl_us = 1;
        struct hp_interrupt *unheld = bench_create(&pg.bench, &request);
        bench_pass(&pg.bench, 2);
        task_start(&task, &pg, held->id, sweep);
        pg_await_waiters(&pg, 1);
        /* What nobody holds is expired by then. */
        struct hp_interrupt *shown = NULL;
        assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where status = 'expired'"), 1);
        assert_int_equal(store_get(pg.bench.store, unheld->id, &shown, NULL), HP_OK);
        assert_int_equal(shown->status, HP_EXPIRED);
        pg_run(&pg, "%s",
               answered ? "update flow_interrupts set status = 'cancelled' where status = 'pending'; commit"
                        : "rollback");
        task_join(&task, HP_OK);
        assert_int_equal(task.ids.count, answered ? 1 : 2);
        assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where status = 'pending'"), 0);
        hp_interrupt_free(held);
        hp_interrupt_free(unheld);
        hp_interrupt_free(shown);
        task_release(&task);
        pg_bench_release(&pg);
    }
}

static void waiting_too_long_is_unavailable(void **state) {
    (void)state;
    struct pg_bench pg;
    struct task task;
    struct hp_interrupt *created = hold_one(&pg, HP_TTL_NEVER);
    struct hp_postgres_options options = pg.options;
    options.lock_ms = 50;
    struct hp_store *store = hp_store_postgres_new(support_conninfo(), &options), *patient = pg.bench.store;
    pg.bench.store = store;
    task_start(&task, &pg, created->id, respond);
    task_join(&task, HP_UNAVAILABLE);
    task_release(&task);
    pg_run(&pg, "rollback");
    task_start(&task, &pg, created->id, respond);
    task_join(&task, HP_OK);
    task_release(&task);
    pg.bench.store = patient;
    hp_store_free(store);
    hp_interrupt_free(created);
    pg_bench_release(&pg);
}

static void exactly_one_wins(void **state) {
    (void)state;
    enum { THREADS = 8, ROUNDS = 20 };
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        struct hp_create request = bench_request(HP_CONFIRMATION);
        struct hp_interrupt *created = bench_create(&pg.bench, &request);
        struct task tasks[THREADS];
        int winners = 0;
        for (int i = 0; i < THREADS; i++) {
            task_start(&tasks[i], &pg, created->id, respond);
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(tasks[i].thread, NULL);
            winners += tasks[i].status == HP_OK;
            assert_true(tasks[i].status == HP_OK || tasks[i].status == HP_CONFLICT);
            task_release(&tasks[i]);
        }
        assert_int_equal(winners, 1);
        hp_interrupt_free(created);
    }
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), 2 * ROUNDS);
    pg_bench_release(&pg);
}

static void eight_sweeps_share(void **state) {
    (void)state;
    enum { THREADS = 8, DUE = 5000 };
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg,
           "insert into flow_interrupts (kind, request_id, user_id, session_id, expires_at)"
           " select 'timeout', 'r', 'u', 's', '2025-01-01Z' from generate_series(1, %d)",
           DUE);
    struct task tasks[THREADS];
    size_t sum = 0;
    for (int i = 0; i < THREADS; i++) {
        task_start(&tasks[i], &pg, "", sweep);
    }
    for (int i = 0; i < THREADS; i++) {
        task_join(&tasks[i], HP_OK);
        sum += tasks[i].ids.count;
        task_release(&tasks[i]);
    }
    assert_int_equal(sum, DUE);
    assert_int_equal(pg_ask(&pg, "select count(distinct interrupt_id) from flow_interrupt_events"), DUE);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), DUE);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_loser_sees_the_winner),
                                       cmocka_unit_test(an_overdue_one_is_waited_for),
                                       cmocka_unit_test(a_sweep_waits_for_what_is_held),
                                       cmocka_unit_test(waiting_too_long_is_unavailable),
                                       cmocka_unit_test(exactly_one_wins),
                                       cmocka_unit_test(eight_sweeps_share)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
