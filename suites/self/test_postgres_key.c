#include "suites/self/support_cluster.h"
#include "suites/self/support_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void keeps_what_every_store_promises(void **state) {
    (void)state;
    static void (*const promises[])(struct bench * bench) = {
        keys_repeat_a_creation,    keys_repeat_a_response, keys_belong_to_one_request,
        keys_of_refusals_are_free, keys_last_a_day,        keys_in_a_race,
    };
    for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++) {
        struct pg_bench pg;
        pg_bench_init(&pg, NULL);
        promises[i](&pg.bench);
        pg_bench_release(&pg);
    }
}

static enum hp_status create(struct hp_store *store, struct hp_idempotency *key,
                             struct hp_interrupt **created, struct hp_problem *problem) {
    struct hp_create request = bench_request(HP_TIMEOUT);
    *created = NULL;
    *key = (struct hp_idempotency){.scope = "s", .key = "k", .request = "r"};
    request.idempotency = key;
    return store_create(store, &request, created, problem);
}

/* Two servers over one database share what is kept, and by the database's own clock as well. */
static void servers_share(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_idempotency key;
    struct hp_interrupt *first, *again;
    pg_bench_init(&pg, NULL);
    struct hp_postgres_options options = pg.options;
    options.clock = NULL;
    struct hp_store *one = hp_store_postgres_new(support_conninfo(), &options);
    struct hp_store *other = hp_store_postgres_new(support_conninfo(), &options);
    assert_int_equal(create(one, &key, &first, NULL), HP_OK);
    assert_int_equal(create(other, &key, &again, NULL), HP_OK);
    assert_int_equal(key.outcome, HP_KEY_REPLAYED);
    assert_same_interrupt(again, first);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts"), 1);
    assert_int_equal(pg_ask(&pg, "select extract(epoch from a.kept_until - f.created_at)::bigint"
                                 " from flow_interrupt_answers a, flow_interrupts f"),
                     HP_ANSWER_KEPT_US / HP_SECOND_US);
    hp_interrupt_free(first);
    hp_interrupt_free(again);
    hp_store_free(one);
    hp_store_free(other);
    pg_bench_release(&pg);
}

/* Another session has the key in its hands: nobody waits for it. */
static void a_key_in_other_hands(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_idempotency key;
    struct hp_interrupt *created;
    struct hp_problem problem = {0};
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "begin; select flow_interrupt_answer_claim('s', 'k', '', now())");
    assert_int_equal(create(pg.bench.store, &key, &created, &problem), HP_CONFLICT);
    assert_int_equal(key.outcome, HP_KEY_BUSY);
    assert_string_equal(problem.interrupt_status, "");
    assert_null(created);
    pg_run(&pg, "rollback");
    assert_int_equal(create(pg.bench.store, &key, &created, NULL), HP_OK);
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    hp_interrupt_free(created);
    pg_bench_release(&pg);
}

/* When the answer cannot be kept there is no interrupt either: they are one transaction. */
static void whole_or_not_at_all(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_idempotency key;
    struct hp_interrupt *created, *after = NULL;
    pg_bench_init(&pg, NULL);
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *pending = bench_create(&pg.bench, &request);
    pg_run(&pg, "alter table flow_interrupt_answers add constraint none check (scope = '')");
    assert_int_equal(create(pg.bench.store, &key, &created, NULL), HP_INTERNAL);
    const struct hp_response nothing = {0};
    const struct hp_change change = {
        .id = pending->id, .to = HP_RESOLVED, .response = &nothing, .idempotency = &key};
    assert_int_equal(store_change(pg.bench.store, &change, &after, NULL), HP_INTERNAL);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where status = 'pending'"), 1);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), 1);
    pg_run(&pg, "alter table flow_interrupt_answers drop constraint none");
    assert_int_equal(create(pg.bench.store, &key, &created, NULL), HP_OK);
    hp_interrupt_free(created);
    hp_interrupt_free(pending);
    pg_bench_release(&pg);
}

static void answers_that_are_none(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_idempotency key;
    struct hp_interrupt *created;
    struct hp_problem problem = {0};
    pg_bench_init(&pg, NULL);
    assert_int_equal(create(pg.bench.store, &key, &created, NULL), HP_OK);
    hp_interrupt_free(created);
    pg_run(&pg, "update flow_interrupt_answers set answer = '{\"kind\": 1}'");
    assert_int_equal(create(pg.bench.store, &key, &created, &problem), HP_INTERNAL);
    assert_non_null(strstr(problem.detail, "the answer kept for k holds no interrupt"));
    pg_bench_release(&pg);
}

/* What is no longer kept goes with a sweep, however much it is; what still is stays. */
static void sweeps_forget(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_id_list ids = {0};
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "insert into flow_interrupt_answers select 's', n::text, '', '{}', timestamptz "
                "'2025-12-11T09:30:00Z' +"
                " (n - 1201) * interval '1 microsecond' from generate_series(1, 1300) n");
    assert_int_equal(hp_service_expire_pending(pg.bench.service, &ids, NULL), HP_OK);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_answers"), 100);
    assert_int_equal(ids.count, 0);
    pg_run(&pg, "alter table flow_interrupt_answers rename to gone");
    assert_int_equal(hp_service_expire_pending(pg.bench.service, &ids, NULL), HP_OK);
    hp_id_list_release(&ids);
    pg_bench_release(&pg);
}

static void emptied(void **state) {
    (void)state;
    struct pg_bench pg;
    struct hp_idempotency key;
    struct hp_interrupt *created;
    pg_bench_init(&pg, NULL);
    assert_int_equal(create(pg.bench.store, &key, &created, NULL), HP_OK);
    hp_interrupt_free(created);
    assert_int_equal(postgres_empty(pg.bench.store, NULL), HP_OK);
    assert_int_equal(pg_ask(&pg, "select (select count(*) from flow_interrupts) + (select count(*) from"
                                 " flow_interrupt_events) + (select count(*) from flow_interrupt_answers)"),
                     0);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_every_store_promises),
        cmocka_unit_test(servers_share),
        cmocka_unit_test(a_key_in_other_hands),
        cmocka_unit_test(whole_or_not_at_all),
        cmocka_unit_test(answers_that_are_none),
        cmocka_unit_test(sweeps_forget),
        cmocka_unit_test(emptied),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
