/* The outbox of the PostgreSQL store: lanes, leases, settling. */
#include "suites/self/support_cluster.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct hp_event_list take(struct pg_bench *pg, size_t max) {
    struct hp_event_list events = {0};
    struct hp_problem problem = {0};
    if (store_outbox_take(pg->bench.store, max, &events, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return events;
}

static void assert_nothing_to_take(struct pg_bench *pg) {
    struct hp_event_list events = take(pg, SIZE_MAX);
    assert_int_equal(events.count, 0);
    hp_event_list_release(&events);
}

/* So many interrupts, created and cancelled: two events each. */
static void make_events(struct pg_bench *pg, int count) {
    for (int i = 0; i < count; i++) {
        struct hp_create request = bench_request(HP_TIMEOUT);
        struct hp_interrupt *created = bench_create(&pg->bench, &request), *after = NULL;
        const struct hp_change wish = {.id = created->id, .to = HP_CANCELLED};
        assert_int_equal(store_change(pg->bench.store, &wish, &after, NULL), HP_OK);
        hp_interrupt_free(created);
        hp_interrupt_free(after);
    }
}

static void a_lane_is_one_takers(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    make_events(&pg, 1);
    struct hp_event_list first = take(&pg, 1);
    assert_int_equal(first.count, 1);
    assert_string_equal(first.events[0]->type, "interrupt.timeout");
    assert_nothing_to_take(&pg);
    assert_int_equal(store_outbox_settle(pg.bench.store, first.events[0], HP_RETURNED, NULL), HP_OK);
    struct hp_event_list both = take(&pg, SIZE_MAX);
    assert_int_equal(both.count, 2);
    assert_string_equal(both.events[0]->id, first.events[0]->id);
    assert_string_equal(both.events[1]->type, "interrupt.cancelled");
    assert_int_equal(both.events[1]->interrupt->status, HP_CANCELLED);
    assert_int_equal(store_outbox_settle(pg.bench.store, both.events[0], HP_RETURNED, NULL), HP_OK);
    assert_nothing_to_take(&pg); /* the second one is still being delivered */
    assert_int_equal(store_outbox_settle(pg.bench.store, both.events[1], HP_RETURNED, NULL), HP_OK);
    hp_event_list_release(&first);
    first = take(&pg, SIZE_MAX);
    assert_int_equal(first.count, 2);
    for (size_t i = 0; i < 2; i++) {
        struct hp_problem problem = {0};
        assert_int_equal(store_outbox_settle(pg.bench.store, first.events[i], HP_DELIVERED, NULL), HP_OK);
        enum hp_status again = store_outbox_settle(pg.bench.store, first.events[i], HP_DELIVERED, &problem);
        assert_refused(again, &problem, HP_NOT_FOUND, "");
    }
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), 0);
    hp_event_list_release(&first);
    hp_event_list_release(&both);
    pg_bench_release(&pg);
}

static void what_is_not_taken_is_not_settled(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    make_events(&pg, 1);
    struct hp_event_list events = take(&pg, SIZE_MAX);
    pg_run(&pg, "update flow_interrupt_events set taken_until = null");
    assert_int_equal(store_outbox_settle(pg.bench.store, events.events[0], HP_DELIVERED, NULL), HP_NOT_FOUND);
    assert_int_equal(store_outbox_settle(pg.bench.store, events.events[0], HP_RETURNED, NULL), HP_NOT_FOUND);
    memcpy(events.events[0]->id, "no id", 6);
    assert_int_equal(store_outbox_settle(pg.bench.store, events.events[0], HP_DELIVERED, NULL), HP_NOT_FOUND);
    hp_event_list_release(&events);
    pg_bench_release(&pg);
}

/* A taker that died gives up its events when the lease ends. */
static void leases_end(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, &(struct hp_postgres_options){.lease_ms = 20});
    make_events(&pg, 1);
    struct hp_event_list first = take(&pg, SIZE_MAX);
    pg_run(&pg, "select pg_sleep(0.03)");
    struct hp_event_list second = take(&pg, SIZE_MAX);
    assert_int_equal(second.count, 2);
    assert_string_equal(first.events[0]->id, second.events[0]->id);
    hp_event_list_release(&first);
    hp_event_list_release(&second);
    pg_bench_release(&pg);
}

static void an_event_that_holds_no_interrupt(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    make_events(&pg, 2);
    pg_run(&pg, "update flow_interrupt_events set payload = '{\"kind\": 1}' where number = 2");
    struct hp_event_list events = take(&pg, SIZE_MAX); /* what comes before it is given all the same */
    assert_int_equal(events.count, 1);
    hp_event_list_release(&events);
    pg_run(&pg, "delete from flow_interrupt_events where number <> 2; update flow_interrupt_events set "
                "taken_until = null");
    struct hp_problem problem = {0};
    assert_refused(store_outbox_take(pg.bench.store, 5, &events, &problem), &problem, HP_INTERNAL, "");
    hp_event_list_release(&events);
    pg_bench_release(&pg);
}

struct taker {
    pthread_t thread;
    struct hp_store *store;
    size_t count;
    bool broken; /* the order of a lane, or a call, was */
};

static void *take_all(void *argument) {
    struct taker *taker = argument;
    int idle = 0;
    while (idle < 20 && !taker->broken) {
        struct hp_event_list events = {0};
        taker->broken = store_outbox_take(taker->store, 7, &events, NULL) != HP_OK;
        idle = events.count == 0 ? idle + 1 : 0;
        for (size_t i = 0; i < events.count; i++) {
            taker->broken |= store_outbox_settle(taker->store, events.events[i], HP_DELIVERED, NULL) != HP_OK;
        }
        taker->count += events.count;
        hp_event_list_release(&events);
    }
    return NULL;
}

/* What somebody else has locked is passed over, not waited for. */
static void a_locked_lane_is_passed_over(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    make_events(&pg, 2);
    pg_run(&pg, "begin; select id from flow_interrupt_events order by number limit 1 for update");
    struct hp_event_list events = take(&pg, SIZE_MAX);
    assert_int_equal(events.count, 2);
    hp_event_list_release(&events);
    pg_run(&pg, "rollback");
    events = take(&pg, SIZE_MAX);
    assert_int_equal(events.count, 2);
    hp_event_list_release(&events);
    pg_bench_release(&pg);
}

static void many_takers_share(void **state) {
    (void)state;
    enum { TAKERS = 4, INTERRUPTS = 100 };
    struct pg_bench pg;
    struct taker takers[TAKERS] = {0};
    size_t sum = 0;
    pg_bench_init(&pg, NULL);
    make_events(&pg, INTERRUPTS);
    for (int i = 0; i < TAKERS; i++) {
        takers[i].store = pg.bench.store;
        assert_int_equal(pthread_create(&takers[i].thread, NULL, take_all, &takers[i]), 0);
    }
    for (int i = 0; i < TAKERS; i++) {
        pthread_join(takers[i].thread, NULL);
        assert_false(takers[i].broken);
        sum += takers[i].count;
    }
    assert_int_equal(sum, 2 * INTERRUPTS);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_lane_is_one_takers),
                                       cmocka_unit_test(what_is_not_taken_is_not_settled),
                                       cmocka_unit_test(leases_end),
                                       cmocka_unit_test(an_event_that_holds_no_interrupt),
                                       cmocka_unit_test(a_locked_lane_is_passed_over),
                                       cmocka_unit_test(many_takers_share)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
