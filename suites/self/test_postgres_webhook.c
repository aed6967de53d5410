/* Deliveries of the PostgreSQL store: what every store promises of them, and what several servers make of one database. */
#include "reference/store/postgres_statement.h"
#include "suites/self/support_cluster.h"
#include "suites/self/support_webhook.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_promise_is_kept(void **state) {
    (void)state;
    for (size_t i = 0; i < webhook_promise_count; i++) {
        struct pg_bench pg;
        pg_bench_init(&pg, NULL);
        print_message("%s\n", webhook_promises[i].name);
        webhook_promises[i].keep(&pg.bench);
        pg_bench_release(&pg);
    }
    assert_true(webhook_promise_count > 0);
}

/* A transition that is rolled back owes nothing; one that commits owes the event and the delivery, never one alone. */
static void event_and_delivery_are_one(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    pg_bench_init(&pg, NULL);
    webhook_subscribe(&pg.bench, &wish, id);
    webhook_make(&pg.bench, "r", true, NULL);
    assert_int_equal(pg_ask(&pg,
                            "select count(*) from flow_interrupt_events e join flow_interrupt_deliveries d"
                            " on d.event_id = e.id and d.number = e.number and d.payload = e.payload"
                            " and d.interrupt_id = e.interrupt_id"),
                     2);
    pg_run(&pg, "alter table flow_interrupt_deliveries add constraint no check (payload is null) not valid");
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    assert_int_equal(hp_service_create(pg.bench.service, &request, &created, NULL), HP_INTERNAL);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts"), 1);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), 2);
    pg_run(&pg, "alter table flow_interrupt_deliveries drop constraint no");
    assert_int_equal(hp_service_create(pg.bench.service, &request, &created, NULL), HP_OK);
    hp_interrupt_free(created);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_deliveries"), 3);
    pg_bench_release(&pg);
}

/* Another's open transaction holds a delivery: it is passed over, and the others are taken. */
static void what_another_holds_is_passed_over(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    pg_bench_init(&pg, NULL);
    webhook_subscribe(&pg.bench, &wish, id);
    for (int i = 0; i < 3; i++) {
        webhook_make(&pg.bench, "r", false, NULL);
    }
    pg_run(&pg, "begin");
    pg_run(&pg, "select 1 from flow_interrupt_deliveries order by number limit 1 for update");
    webhook_take_count(&pg.bench, 2);
    pg_run(&pg, "rollback");
    webhook_take_count(&pg.bench, 1);
    pg_bench_release(&pg);
}

/* A subscription that is being made while a transition waits is in time or it is not; a transition never waits for it. */
/* Lines of the statement's plan with those words, while whatever index fits is preferred to none. */
static int64_t lines_of_plan(struct pg_bench *pg, enum statement statement, const char *nulls,
                             const char *like) {
    pg_run(pg, "prepare looked_at as %s", statement_sql(statement));
    int64_t lines = pg_ask(
        pg, "select count(*) from plan_of('execute looked_at(%s)') line where line like '%s'", nulls, like);
    pg_run(pg, "deallocate looked_at");
    return lines;
}

/* While a table is young the planner knows nothing of it, and of two indexes that fit takes either: the wrong one walks
 * the queue for each row. So only the right one may fit, which shows when it is away: then none is left. */
static void only_one_index_fits(void **state) {
    (void)state;
    const char *const owed = "%Index%Scan using flow_interrupt_deliveries% d  (%";
    const char *const first = "%Index%Scan using flow_interrupt_deliveries% b  (%";
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "create function plan_of(asked text) returns setof text language plpgsql as $$ begin"
                " return query execute 'explain ' || asked; end $$");
    pg_run(&pg, "select set_config('plan_cache_mode', 'force_generic_plan', false)");
    pg_run(&pg, "select set_config('enable_seqscan', 'off', false)");
    assert_int_equal(lines_of_plan(&pg, STATEMENT_WEBHOOK_DELIVERED, "null, null, null", owed), 1);
    assert_int_equal(lines_of_plan(&pg, STATEMENT_WEBHOOK_RETURNED, "null, null, null", owed), 1);
    assert_int_equal(lines_of_plan(&pg, STATEMENT_WEBHOOKS_TAKE, "null, 1, 1, null, null", first), 1);
    pg_run(&pg, "alter table flow_interrupt_deliveries drop constraint flow_interrupt_deliveries_pkey");
    pg_run(&pg, "drop index flow_interrupt_deliveries_lane");
    assert_int_equal(lines_of_plan(&pg, STATEMENT_WEBHOOK_DELIVERED, "null, null, null", owed), 0);
    assert_int_equal(lines_of_plan(&pg, STATEMENT_WEBHOOK_RETURNED, "null, null, null", owed), 0);
    assert_int_equal(
        lines_of_plan(&pg, STATEMENT_WEBHOOK_FAILED, "null, null, null, null, null, null, null, null", owed),
        0);
    assert_int_equal(lines_of_plan(&pg, STATEMENT_WEBHOOKS_TAKE, "null, 1, 1, null, null", first), 0);
    pg_bench_release(&pg);
}

static void nothing_waits_for_a_subscription(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "begin");
    pg_run(&pg, "insert into flow_interrupt_subscriptions (id, url, events, timeout, base_delay, max_tries)"
                " values (gen_random_uuid(), 'http://h', '{*}', '1 s', '1 s', 3)");
    webhook_make(&pg.bench, "r", false, NULL);
    pg_run(&pg, "commit");
    webhook_take_count(&pg.bench, 0);
    webhook_make(&pg.bench, "r", false, NULL);
    webhook_take_count(&pg.bench, 1);
    pg_bench_release(&pg);
}

static void empty_means_all_of_it(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    pg_bench_init(&pg, NULL);
    webhook_subscribe(&pg.bench, &wish, id);
    webhook_make(&pg.bench, "r", true, NULL);
    assert_int_equal(postgres_empty(pg.bench.store, NULL), HP_OK);
    assert_int_equal(pg_ask(&pg, "select (select count(*) from flow_interrupt_deliveries) +"
                                 " (select count(*) from flow_interrupt_subscriptions)"),
                     0);
    pg_bench_release(&pg);
}

enum { TAKERS = 4, EVENTS = 120 };

struct taker {
    struct hp_store *store;
    size_t settled, doubles;
};

static void *take_all(void *argument) {
    struct taker *taker = argument;
    const struct hp_webhook_attempt done = {.end = HP_WEBHOOK_DELIVERED};
    const struct hp_webhook_appetite appetite = {.max = 5, .max_each = 5};
    size_t empty = 0;
    while (empty < 3) {
        struct hp_webhook_list list = {0};
        if (store_webhooks_take(taker->store, &appetite, &list, NULL) != HP_OK) {
            break;
        }
        empty = list.count > 0 ? 0 : empty + 1;
        for (size_t i = 0; i < list.count; i++) {
            bool settled = store_webhook_settle(taker->store, list.deliveries[i], &done, NULL) == HP_OK;
            *(settled ? &taker->settled : &taker->doubles) += 1;
        }
        hp_webhook_list_release(&list);
    }
    return NULL;
}

static void takers_never_share_a_delivery(void **state) {
    (void)state;
    struct pg_bench pg;
    struct taker takers[TAKERS];
    pthread_t threads[TAKERS];
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    size_t settled = 0, doubles = 0;
    pg_bench_init(&pg, NULL);
    webhook_subscribe(&pg.bench, &wish, id);
    for (int i = 0; i < EVENTS / 2; i++) {
        webhook_make(&pg.bench, "r", true, NULL);
    }
    struct hp_store *second = hp_store_postgres_new(support_conninfo(), &pg.options);
    assert_non_null(second);
    for (size_t i = 0; i < TAKERS; i++) {
        takers[i] = (struct taker){.store = i % 2 ? second : pg.bench.store};
        assert_int_equal(pthread_create(&threads[i], NULL, take_all, &takers[i]), 0);
    }
    for (size_t i = 0; i < TAKERS; i++) {
        pthread_join(threads[i], NULL);
        settled += takers[i].settled;
        doubles += takers[i].doubles;
    }
    struct taker last = {.store = second};
    take_all(&last);
    assert_int_equal(settled + last.settled, EVENTS);
    assert_int_equal(doubles, 0);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_deliveries"), 0);
    hp_store_free(second);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_promise_is_kept),
        cmocka_unit_test(event_and_delivery_are_one),
        cmocka_unit_test(what_another_holds_is_passed_over),
        cmocka_unit_test(only_one_index_fits),
        cmocka_unit_test(nothing_waits_for_a_subscription),
        cmocka_unit_test(empty_means_all_of_it),
        cmocka_unit_test(takers_never_share_a_delivery),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
