#include "reference/server/deployment.h"
#include "reference/service/door.h"
#include "suites/self/support_bench.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static size_t count_rows(struct deployment *deployment) {
    const struct hp_query query = {.user_id = "ann", .statuses = HP_STATUSES_ALL};
    struct hp_page page = {0};
    assert_int_equal(hp_service_list(deployment_enter(deployment), &query, &page, NULL), HP_OK);
    deployment_leave(deployment);
    size_t total = page.total;
    hp_page_release(&page);
    return total;
}

static int64_t create(struct deployment *deployment) {
    const struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    assert_int_equal(hp_service_create(deployment_enter(deployment), &request, &created, NULL), HP_OK);
    deployment_leave(deployment);
    int64_t at_us = created->created_at_us;
    hp_interrupt_free(created);
    return at_us;
}

/* A reset forgets everything, and time may go back then. */
static void begins_anew(struct deployment *deployment) {
    assert_non_null(deployment);
    assert_int_equal(deployment_set_clock(deployment, BENCH_NOW_US, NULL), HP_OK);
    assert_true(create(deployment) == BENCH_NOW_US);
    assert_int_equal(deployment_set_clock(deployment, BENCH_NOW_US - 1, NULL), HP_INVALID);
    assert_int_equal(count_rows(deployment), 1);
    assert_int_equal(deployment_reset(deployment, NULL), HP_OK);
    assert_int_equal(count_rows(deployment), 0);
    assert_int_equal(deployment_reset(deployment, NULL), HP_OK);
    assert_int_equal(deployment_set_clock(deployment, BENCH_NOW_US - 5, NULL), HP_OK);
    assert_true(create(deployment) == BENCH_NOW_US - 5);
    deployment_free(deployment);
}

static void in_memory(void **state) {
    (void)state;
    begins_anew(deployment_memory_new());
    deployment_free(NULL);
}

static void in_a_database(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    begins_anew(deployment_postgres_new(support_conninfo(), pg.schema));
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts"), 1);
    pg_bench_release(&pg);
    struct deployment *away = deployment_postgres_new("host=/no/such/folder", NULL);
    assert_int_equal(deployment_reset(away, NULL), HP_UNAVAILABLE);
    deployment_free(away);
}

/* Counts the stores that it is asked to put something around. */
static struct hp_store *count_wraps(struct hp_store *inner, void *context) {
    ++*(unsigned *)context;
    return inner;
}

static struct hp_store *refuse_wrap(struct hp_store *inner, void *context) {
    (void)context;
    hp_store_free(inner);
    return NULL;
}

static void each_store_is_decorated(void **state) {
    (void)state;
    unsigned wraps = 0;
    struct deployment *deployment = deployment_memory_new();
    assert_int_equal(deployment_decorate(deployment, count_wraps, &wraps, NULL), HP_OK);
    assert_int_equal(wraps, 1);
    create(deployment);
    assert_int_equal(deployment_reset(deployment, NULL), HP_OK);
    assert_int_equal(wraps, 2);
    assert_int_equal(count_rows(deployment), 0);
    deployment_free(deployment);
    struct deployment *refused = deployment_memory_new();
    assert_int_equal(deployment_decorate(refused, refuse_wrap, NULL, NULL), HP_INTERNAL);
    deployment_free(refused);
}

/* Whether a timeout leads on to the stage b there. */
static bool leads_to_b(struct deployment *deployment) {
    static const char text[] = "{\"envelope\":{\"user_id\":\"ann\",\"current_stage\":\"a\",\"interrupt\":{"
                               "\"id\":\"%s\",\"kind\":\"timeout\"}},"
                               "\"interrupt_id\":\"%s\",\"response\":{}}";
    const struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    json_t *result = NULL;
    char params[512];
    struct hp_service *service = deployment_enter(deployment);
    assert_int_equal(hp_service_create(service, &request, &created, NULL), HP_OK);
    snprintf(params, sizeof params, text, created->id, created->id);
    enum hp_status status = door_call(service, "flow.resume", params, strlen(params), &result, NULL);
    deployment_leave(deployment);
    const json_t *envelope = json_object_get(result, "envelope");
    const char *stage = json_string_value(json_object_get(envelope, "current_stage"));
    bool leads = status == HP_OK && strcmp(stage, "b") == 0;
    json_decref(result);
    hp_interrupt_free(created);
    return leads;
}

/* What was given at the start counts for every service that a reset makes; what cannot be changes nothing. */
static void routes_outlive_a_reset(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    struct deployment *deployment = deployment_memory_new();
    assert_false(leads_to_b(deployment));
    assert_int_equal(
        deployment_set_routes(deployment, "{\"stages\":[\"a\",\"b\"],\"routes\":{\"timeout\":\"b\"}}", NULL),
        HP_OK);
    assert_int_equal(
        deployment_set_routes(deployment, "{\"stages\":[\"a\"],\"routes\":{\"timeout\":\"b\"}}", &problem),
        HP_INVALID);
    assert_string_equal(problem.field, "/routes/timeout");
    assert_true(leads_to_b(deployment));
    assert_int_equal(deployment_reset(deployment, NULL), HP_OK);
    assert_true(leads_to_b(deployment));
    deployment_free(deployment);
}

enum { WORKERS = 4, RESETS = 50 };

static struct {
    struct deployment *deployment;
    atomic_bool done;
    atomic_uint failures, operations;
} storm;

static void *work(void *argument) {
    (void)argument;
    const struct hp_create request = bench_request(HP_TIMEOUT);
    while (!atomic_load(&storm.done)) {
        struct hp_interrupt *created = NULL, *read = NULL;
        struct hp_service *service = deployment_enter(storm.deployment);
        bool there = hp_service_create(service, &request, &created, NULL) == HP_OK &&
                     hp_service_get(service, created->id, "ann", &read, NULL) == HP_OK;
        deployment_leave(storm.deployment);
        hp_interrupt_free(created);
        hp_interrupt_free(read);
        atomic_fetch_add(&storm.failures, !there);
        atomic_fetch_add(&storm.operations, 1);
    }
    return NULL;
}

/* No reset comes between two steps of one operation. */
static void resets_wait(void **state) {
    (void)state;
    pthread_t threads[WORKERS];
    storm.deployment = deployment_memory_new();
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, NULL), 0);
    }
    for (unsigned i = 0; i < RESETS; i++) {
        unsigned before = atomic_load(&storm.operations);
        assert_int_equal(deployment_reset(storm.deployment, NULL), HP_OK);
        while (atomic_load(&storm.operations) == before) {
        }
    }
    atomic_store(&storm.done, true);
    for (size_t i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(atomic_load(&storm.failures), 0);
    deployment_free(storm.deployment);
}

/* A reset leaves nothing to deliver, and what comes after it is delivered from the new store. */
static void webhooks_outlive_a_reset(void **state) {
    (void)state;
    const struct hp_webhook_options options = {.allow_private = true, .poll_ms = 5};
    for (int by_itself = 0; by_itself < 2; by_itself++) {
        const struct hp_subscription wish = {.url = "http://127.0.0.1:1/", .events = "*", .max_tries = 1};
        struct deployment *deployment = deployment_memory_new();
        struct hp_webhook_list dead = {0};
        struct hp_webhook_counts counts;
        char id[HP_ID_SIZE];
        assert_non_null(deployment);
        assert_int_equal(hp_service_flush_webhooks(deployment_enter(deployment), &counts, NULL),
                         HP_UNSUPPORTED);
        deployment_leave(deployment);
        assert_int_equal(deployment_deliver(deployment, &options, by_itself, NULL), HP_OK);
        for (int life = 0; life < 2; life++) {
            struct hp_service *service = deployment_enter(deployment);
            assert_int_equal(hp_service_subscribe(service, &wish, id, NULL), HP_OK);
            deployment_leave(deployment);
            create(deployment);
            service = deployment_enter(deployment);
            assert_int_equal(hp_service_flush_webhooks(service, &counts, NULL), HP_OK);
            assert_int_equal(hp_service_dead_webhooks(service, &dead, NULL), HP_OK);
            deployment_leave(deployment);
            assert_int_equal(dead.count, 1);
            hp_webhook_list_release(&dead);
            assert_int_equal(deployment_reset(deployment, NULL), HP_OK);
        }
        deployment_stop_delivering(deployment, 1000);
        deployment_free(deployment);
    }
    deployment_stop_delivering(NULL, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_memory),
                                       cmocka_unit_test(each_store_is_decorated),
                                       cmocka_unit_test(in_a_database),
                                       cmocka_unit_test(resets_wait),
                                       cmocka_unit_test(webhooks_outlive_a_reset),
                                       cmocka_unit_test(routes_outlive_a_reset)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
