/* Every allocation of the PostgreSQL store fails once: an error and no crash, no leak (the sanitizers look
 * for it), and the same store works on. libpq's own allocations are left alone. */
#include "suites/self/support_cluster.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct scene {
    struct pg_bench pg;
    struct hp_problem problem;
};

static enum hp_status create(void *context) {
    struct scene *scene = context;
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    request.data = "{\"a\":[1e22,\"b\"]}";
    request.ttl_us = 1;
    enum hp_status status = store_create(scene->pg.bench.store, &request, &created, &scene->problem);
    assert_int_equal(created != NULL, status == HP_OK);
    hp_interrupt_free(created);
    return status;
}

/* On a store of its own, so that the connection and its statements are new each time. */
static enum hp_status open_and_get(void *context) {
    struct scene *scene = context;
    struct hp_store *store = hp_store_postgres_new(support_conninfo(), &scene->pg.options);
    struct hp_interrupt *shown = NULL;
    if (!store) {
        return HP_INTERNAL;
    }
    enum hp_status status = store_get(store, "0f8fad5b-d9cb-469f-a165-70867728950e", &shown, &scene->problem);
    assert_int_equal(shown != NULL, status == HP_OK);
    hp_interrupt_free(shown);
    hp_store_free(store);
    return status;
}

static enum hp_status list(void *context) {
    struct scene *scene = context;
    struct hp_query query = {.user_id = "ann", .statuses = HP_STATUSES_ALL};
    struct hp_page page = {0};
    hp_query_check(&query, NULL);
    enum hp_status status = store_list(scene->pg.bench.store, &query, NULL, &page, &scene->problem);
    assert_int_equal(page.count > 0, status == HP_OK);
    hp_page_release(&page);
    return status;
}

/* Refused each time, so that it can be done again: the whole way but the last step. */
static enum hp_status respond(void *context) {
    struct scene *scene = context;
    const struct hp_response response = {.text = "x", .data = "{\"a\":1.5}"};
    const struct hp_change wish = {.id = "0f8fad5b-d9cb-469f-a165-70867728950e",
                                   .user_id = "ann",
                                   .to = HP_RESOLVED,
                                   .response = &response};
    struct hp_interrupt *after = NULL;
    enum hp_status status = store_change(scene->pg.bench.store, &wish, &after, &scene->problem);
    return status == HP_CONFLICT ? HP_OK : status;
}

static enum hp_status cancel(void *context) {
    struct scene *scene = context;
    const struct hp_change wish = {
        .id = "0f8fad5b-d9cb-469f-a165-70867728950e", .to = HP_CANCELLED, .reason = "because"};
    struct hp_interrupt *after = NULL;
    enum hp_status status = store_change(scene->pg.bench.store, &wish, &after, &scene->problem);
    return status == HP_CONFLICT ? HP_OK : status;
}

static enum hp_status sweep(void *context) {
    struct scene *scene = context;
    struct hp_id_list ids = {0};
    enum hp_status status = store_expire_due(scene->pg.bench.store, &ids, &scene->problem);
    hp_id_list_release(&ids);
    return status;
}

static enum hp_status take(void *context) {
    struct scene *scene = context;
    struct hp_event_list events = {0};
    pg_run(&scene->pg, "update flow_interrupt_events set taken_until = null");
    enum hp_status status = store_outbox_take(scene->pg.bench.store, 2, &events, &scene->problem);
    if (status == HP_OK && events.count < 2) {
        status = HP_INTERNAL; /* it gave what it could read; an allocation did fail */
    }
    hp_event_list_release(&events);
    return status;
}

static enum hp_status migrate(void *context) {
    struct scene *scene = context;
    return hp_postgres_migrate(support_conninfo(), &scene->pg.options, &scene->problem);
}

static void each_allocation(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hp_status (*operation)(void *context);
    } rows[] = {{"create", create}, {"open and get", open_and_get},
                {"list", list},     {"respond", respond},
                {"cancel", cancel}, {"sweep", sweep},
                {"take", take},     {"migrate", migrate}};
    struct scene scene = {0};
    pg_bench_init(&scene.pg, NULL);
    pg_run(&scene.pg,
           "insert into flow_interrupts (id, kind, status, request_id, user_id, session_id, data, response,"
           " resolved_at) values ('0f8fad5b-d9cb-469f-a165-70867728950e', 'timeout', 'resolved', 'r', 'ann',"
           " 's', '{\"a\": [1, 18446744073709551616]}', '{\"text\": \"t\", \"data\": {\"b\": 2}}', now())");
    bench_pass(&scene.pg.bench, 2);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (fail_alloc_sweep(rows[i].operation, &scene, false) == 0) {
            fail_msg("%s: %s", rows[i].name, scene.problem.detail);
        }
        hp_problem_clear(&scene.problem);
    }
    pg_bench_release(&scene.pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation)};
    fail_alloc_install();
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
