/* Connections: the cap, waiting, and a server that goes away and comes back. */
#include "reference/store/postgres_pool.h"
#include "suites/self/support_cluster.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_cap_is_waited_for(void **state) {
    (void)state;
    const struct hp_postgres_options options = {.connections = 2, .wait_ms = 30};
    struct pool pool;
    struct connection *lent[3] = {NULL};
    struct hp_problem problem = {0};
    assert_int_equal(pool_init(&pool, support_conninfo(), &options, NULL), HP_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pool_borrow(&pool, &lent[i], NULL), HP_OK);
    }
    assert_refused(pool_borrow(&pool, &lent[2], &problem), &problem, HP_UNAVAILABLE, "");
    assert_non_null(
        strstr(problem.detail, "all 2 connections to the database were busy for 30 ms; 0 more callers wait"));
    pool_return(&pool, lent[0]);
    assert_int_equal(pool_borrow(&pool, &lent[2], NULL), HP_OK);
    assert_ptr_equal(lent[2], lent[0]); /* no new one is made while one is idle */
    pool_return(&pool, lent[1]);
    pool_return(&pool, lent[2]);
    pool_return(&pool, NULL);
    pool_release(&pool);
}

static enum hp_status run(struct connection *connection, const char *sql, struct hp_problem *problem) {
    PGresult *result = NULL;
    enum hp_status status = connection_run(connection, sql, NULL, &result, problem);
    PQclear(result);
    return status;
}

/* A connection that is used until somebody waits for it, and then given back. */
struct loan {
    struct pool *pool;
    struct connection *connection;
    bool waited_for;
};

static void *give_back(void *argument) {
    enum { TURNS = 1000000 };
    struct loan *loan = argument;
    for (int i = 0; i < TURNS && !loan->waited_for && run(loan->connection, "select 1", NULL) == HP_OK; i++) {
        pthread_mutex_lock(&loan->pool->mutex);
        loan->waited_for = loan->pool->waiting > 0;
        pthread_mutex_unlock(&loan->pool->mutex);
    }
    pool_return(loan->pool, loan->connection);
    return NULL;
}

static void a_waiter_is_woken(void **state) {
    (void)state;
    const struct hp_postgres_options options = {.connections = 1, .wait_ms = 60000};
    struct pool pool;
    struct connection *first = NULL, *second = NULL;
    pthread_t thread;
    assert_int_equal(pool_init(&pool, support_conninfo(), &options, NULL), HP_OK);
    assert_int_equal(pool_borrow(&pool, &first, NULL), HP_OK);
    struct loan loan = {&pool, first, false};
    assert_int_equal(pthread_create(&thread, NULL, give_back, &loan), 0);
    assert_int_equal(pool_borrow(&pool, &second, NULL), HP_OK);
    pthread_join(thread, NULL);
    assert_true(loan.waited_for);
    pool_return(&pool, second);
    pool_release(&pool);
}

static void *return_at_once(void *argument) {
    void **both = argument;
    pool_return(both[0], both[1]);
    return NULL;
}

static void a_thread_gets_its_own_back(void **state) {
    (void)state;
    struct pool pool;
    struct connection *lent[2] = {NULL}, *again = NULL;
    pthread_t thread;
    assert_int_equal(pool_init(&pool, support_conninfo(), NULL, NULL), HP_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pool_borrow(&pool, &lent[i], NULL), HP_OK);
    }
    pool_return(&pool, lent[0]);
    void *both[] = {&pool, lent[1]};
    assert_int_equal(pthread_create(&thread, NULL, return_at_once, both), 0);
    pthread_join(thread, NULL);
    assert_ptr_equal(pool.idle, lent[1]); /* the one at hand was another's */
    assert_int_equal(pool_borrow(&pool, &again, NULL), HP_OK);
    assert_ptr_equal(again, lent[0]);
    pool_return(&pool, again);
    pool_release(&pool);
}

static void limits_of_time(void **state) {
    (void)state;
    const struct hp_postgres_options options = {.statement_ms = 50};
    struct pool pool;
    struct connection *connection = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(pool_init(&pool, support_conninfo(), &options, NULL), HP_OK);
    assert_int_equal(pool_borrow(&pool, &connection, NULL), HP_OK);
    assert_refused(run(connection, "select pg_sleep(20)", &problem), &problem, HP_UNAVAILABLE, "");
    assert_non_null(strstr(problem.detail, "the database cannot do it now"));
    assert_true(connection_is_usable(connection));
    /* A server that does not even keep its own limit. */
    assert_int_equal(run(connection, "set statement_timeout = 0", NULL), HP_OK);
    connection->answer_ms = 50;
    hp_problem_clear(&problem);
    assert_refused(run(connection, "select pg_sleep(20)", &problem), &problem, HP_UNAVAILABLE, "");
    assert_non_null(strstr(problem.detail, "did not answer within 50 ms"));
    assert_false(connection_is_usable(connection));
    pool_return(&pool, connection);
    assert_int_equal(pool_borrow(&pool, &connection, NULL), HP_OK);
    assert_int_equal(run(connection, "select 1", NULL), HP_OK);
    pool_return(&pool, connection);
    pool_release(&pool);
}

/* What was left open is not lent to the next. */
static void an_open_transaction_is_not_lent(void **state) {
    (void)state;
    struct pool pool;
    struct connection *connection = NULL;
    assert_int_equal(pool_init(&pool, support_conninfo(), NULL, NULL), HP_OK);
    assert_int_equal(pool_borrow(&pool, &connection, NULL), HP_OK);
    assert_int_equal(run(connection, "begin", NULL), HP_OK);
    pool_return(&pool, connection);
    assert_null(pool.idle);
    assert_int_equal(pool.open, 0);
    pool_release(&pool);
}

static void errors_of_the_server(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        enum hp_status status;
        const char *part;
    } rows[] = {
        {"select 1 / 0", HP_INTERNAL, "the database refuses (22012)"},
        {"select * from no_such_table", HP_INTERNAL, "hp_postgres_migrate"},
        {"select 1 / 0; select 1", HP_INTERNAL, "22012"},
        {"do $$ begin raise exception using errcode = '40P01'; end $$", HP_UNAVAILABLE, "cannot do it now"},
        {"do $$ begin raise exception using errcode = '53300'; end $$", HP_UNAVAILABLE, "cannot do it now"},
        {"begin read only; create table t (a int)", HP_UNAVAILABLE, "cannot do it now"}};
    struct pool pool;
    assert_int_equal(pool_init(&pool, support_conninfo(), NULL, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct connection *connection = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(pool_borrow(&pool, &connection, NULL), HP_OK);
        assert_refused(run(connection, rows[i].sql, &problem), &problem, rows[i].status, "");
        if (!strstr(problem.detail, rows[i].part)) {
            fail_msg("%s", problem.detail);
        }
        pool_return(&pool, connection);
    }
    pool_release(&pool);
}

/* One that broke stays broken, whatever is asked of it. */
static void a_broken_connection(void **state) {
    (void)state;
    const struct parameters none = {0};
    struct pool pool;
    struct connection *connection = NULL;
    PGresult *result = NULL;
    assert_int_equal(pool_init(&pool, support_conninfo(), NULL, NULL), HP_OK);
    assert_int_equal(pool_borrow(&pool, &connection, NULL), HP_OK);
    assert_int_equal(connection_run_prepared(connection, 0, "select 1", &none, &result, NULL), HP_OK);
    PQclear(result);
    assert_int_equal(connection_run_prepared(connection, 1, "selec 1", &none, &result, NULL), HP_INTERNAL);
    assert_true(connection_is_usable(connection));
    assert_int_equal(cluster_crash(support_cluster(), NULL), HP_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run(connection, "select 1", NULL), HP_UNAVAILABLE);
        result = NULL;
        assert_int_equal(connection_run_prepared(connection, 0, "select 1", &none, &result, NULL),
                         HP_UNAVAILABLE);
        assert_int_equal(connection_run_prepared(connection, 2, "select 2", &none, &result, NULL),
                         HP_UNAVAILABLE);
        assert_null(result);
    }
    assert_false(connection_is_usable(connection));
    pool_return(&pool, connection);
    assert_int_equal(pool_borrow(&pool, &connection, NULL), HP_UNAVAILABLE);
    assert_int_equal(pool.open, 0);
    assert_int_equal(cluster_resume(support_cluster(), NULL), HP_OK);
    pool_release(&pool);
}

/* A statement that is larger than what the socket takes at once, to a server that reads nothing. */
static void a_server_that_does_not_read(void **state) {
    (void)state;
    enum { LARGE = 8 * 1024 * 1024 };
    struct pool pool;
    struct connection *connection = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(pool_init(&pool, support_conninfo(), NULL, NULL), HP_OK);
    assert_int_equal(pool_borrow(&pool, &connection, NULL), HP_OK);
    char *sql = malloc(LARGE);
    assert_non_null(sql);
    memset(sql, ' ', LARGE);
    memcpy(sql, "select 1", 8);
    sql[LARGE - 1] = '\0';
    assert_int_equal(run(connection, sql, NULL), HP_OK);
    pid_t backend = PQbackendPID(connection->server);
    connection->answer_ms = 50;
    assert_int_equal(kill(backend, SIGSTOP), 0);
    assert_int_equal(run(connection, sql, &problem), HP_UNAVAILABLE);
    assert_int_equal(kill(backend, SIGCONT), 0);
    assert_non_null(strstr(problem.detail, "did not answer within 50 ms"));
    free(sql);
    pool_return(&pool, connection);
    pool_release(&pool);
}

static enum hp_status try_create(struct pg_bench *pg) {
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    enum hp_status status = store_create(pg->bench.store, &request, &created, NULL);
    hp_interrupt_free(created);
    return status;
}

/* Every operation while the server is away, and all of them again after it came back. */
static void the_server_goes_and_comes(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = bench_create(&pg.bench, &request), *one = NULL;
    for (int round = 0; round < 2; round++) {
        struct hp_query query = {.user_id = "ann"};
        struct hp_page page = {0};
        struct hp_id_list ids = {0};
        struct hp_event_list events = {0};
        struct hp_problem problem = {0};
        const struct hp_change wish = {.id = created->id, .to = HP_CANCELLED};
        struct hp_event *event = hp_event_new(created->id, 0, created);
        assert_int_equal(cluster_crash(support_cluster(), NULL), HP_OK);
        assert_refused(store_get(pg.bench.store, created->id, &one, &problem), &problem, HP_UNAVAILABLE, "");
        assert_int_equal(try_create(&pg), HP_UNAVAILABLE);
        assert_int_equal(hp_service_list(pg.bench.service, &query, &page, NULL), HP_UNAVAILABLE);
        assert_int_equal(store_change(pg.bench.store, &wish, &one, NULL), HP_UNAVAILABLE);
        assert_int_equal(store_expire_due(pg.bench.store, &ids, NULL), HP_UNAVAILABLE);
        assert_int_equal(store_outbox_take(pg.bench.store, 9, &events, NULL), HP_UNAVAILABLE);
        assert_int_equal(store_outbox_settle(pg.bench.store, event, HP_DELIVERED, NULL), HP_UNAVAILABLE);
        assert_null(one);
        hp_event_free(event);
        hp_id_list_release(&ids);
        hp_event_list_release(&events);
        assert_int_equal(cluster_resume(support_cluster(), NULL), HP_OK);
        assert_int_equal(store_get(pg.bench.store, created->id, &one, NULL), HP_OK);
        assert_same_interrupt(one, created);
        hp_interrupt_free(one);
        one = NULL;
    }
    /* Idle connections that died unseen are replaced before they are used. */
    assert_int_equal(cluster_crash(support_cluster(), NULL), HP_OK);
    assert_int_equal(cluster_resume(support_cluster(), NULL), HP_OK);
    assert_int_equal(try_create(&pg), HP_OK);
    assert_int_equal(pg_ask(&pg, "set search_path = \"%s\"; select count(*) from flow_interrupts", pg.schema),
                     2);
    hp_interrupt_free(created);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_cap_is_waited_for),
                                       cmocka_unit_test(a_waiter_is_woken),
                                       cmocka_unit_test(a_thread_gets_its_own_back),
                                       cmocka_unit_test(limits_of_time),
                                       cmocka_unit_test(an_open_transaction_is_not_lent),
                                       cmocka_unit_test(errors_of_the_server),
                                       cmocka_unit_test(a_broken_connection),
                                       cmocka_unit_test(a_server_that_does_not_read),
                                       cmocka_unit_test(the_server_goes_and_comes)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
