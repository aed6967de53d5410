/* What every store promises of flows and limits, of the PostgreSQL store; two servers over one database; and what stands in its
 * tables then. */
#include "suites/self/support_cluster.h"
#include "suites/self/support_flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_promise_is_kept(void **state) {
    (void)state;
    for (size_t i = 0; i < flow_promise_count; i++) {
        struct pg_bench pg;
        pg_bench_init(&pg, NULL);
        print_message("%s\n", flow_promises[i].name);
        flow_promises[i].keep(&pg.bench);
        pg_bench_release(&pg);
    }
    assert_true(flow_promise_count > 0);
}

static void two_servers_contend(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct hp_store *store = hp_store_postgres_new(support_conninfo(), &pg.options);
    struct hp_service *services[] = {pg.bench.service, hp_service_new(store)};
    flow_contend(&pg.bench, services, 2);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_processes"), 6);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_resumptions"), 7);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_rate_calls"), 21);
    hp_service_free(services[1]);
    hp_store_free(store);
    pg_bench_release(&pg);
}

/* A server that was started anew knows the process, and an answer given meanwhile. */
static void a_restart_forgets_nothing(void **state) {
    (void)state;
    struct pg_bench pg;
    char id[HP_ID_SIZE];
    pg_bench_init(&pg, NULL);
    flow_submit(&pg.bench);
    flow_raise(&pg.bench, "confirmation", id);
    flow_do(&pg.bench, "interrupt.respond", "{'id': '%s', 'user_id': 'ann', 'response': {'approved': true}}",
            id);
    hp_service_free(pg.bench.service);
    hp_store_free(pg.bench.store);
    pg.bench.store = hp_store_postgres_new(support_conninfo(), &pg.options);
    pg.bench.service = hp_service_new(pg.bench.store);
    flow_expect_state(&pg.bench, "waiting");
    json_t *shown = flow_call(&pg.bench, "kernel.resume", "{'pid': 'e1', 'interrupt_id': '%s'}", id);
    flow_expect(shown, "/envelope/current_stage", "'executor'");
    json_decref(shown);
    pg_bench_release(&pg);
}

static void what_the_day_is_over_for_goes(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    const char *check = "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}";
    for (int i = 0; i < 3; i++) {
        flow_do(&pg.bench, "ratelimit.check", "%s", check);
    }
    bench_pass(&pg.bench, INT64_C(86400000000));
    flow_do(&pg.bench, "ratelimit.check", "%s", check);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_rate_calls"), 1);
    pg_bench_release(&pg);
}

static void empty_means_all_of_it(void **state) {
    (void)state;
    struct pg_bench pg;
    char id[HP_ID_SIZE];
    pg_bench_init(&pg, NULL);
    flow_submit(&pg.bench);
    flow_raise(&pg.bench, "confirmation", id);
    flow_do(&pg.bench, "kernel.resume", "{'pid': 'e1', 'interrupt_id': '%s', 'response': {'approved': true}}",
            id);
    flow_do(&pg.bench, "ratelimit.set", "{'user_id': 'ann'}");
    flow_do(&pg.bench, "ratelimit.check",
            "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}");
    assert_int_equal(postgres_empty(pg.bench.store, NULL), HP_OK);
    assert_int_equal(pg_ask(&pg,
                            "select (select count(*) from flow_processes) + (select count(*) from"
                            " flow_resumptions) + (select count(*) from flow_rate_limits) + (select"
                            " count(*) from flow_rate_windows) + (select count(*) from flow_rate_calls)"),
                     0);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_promise_is_kept),      cmocka_unit_test(two_servers_contend),
        cmocka_unit_test(a_restart_forgets_nothing), cmocka_unit_test(what_the_day_is_over_for_goes),
        cmocka_unit_test(empty_means_all_of_it),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
