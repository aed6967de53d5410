#include "reference/store/migrate.h"
#include "suites/self/support_cluster.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void apply(struct pg_bench *pg, const struct migration *list, size_t count) {
    struct hp_problem problem = {0};
    if (migrate_apply(support_conninfo(), &pg->options, list, count, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
}

static void assert_fails(struct pg_bench *pg, const struct migration *list, size_t count,
                         enum hp_status wanted, const char *part) {
    struct hp_problem problem = {0};
    enum hp_status status = migrate_apply(support_conninfo(), &pg->options, list, count, &problem);
    assert_refused(status, &problem, wanted, "");
    if (!strstr(problem.detail, part)) {
        fail_msg("%s", problem.detail);
    }
}

static void everything_is_recorded_once(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            pg_ask(&pg, "select count(*) from holdpoint_migrations where checksum ~ '^[0-9a-f]{64}$'"),
            (int64_t)migration_count);
        apply(&pg, migrations, migration_count);
    }
    pg_bench_release(&pg);
}

/* Each text does no harm when it is run on what it made. */
static void each_step_can_run_again(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (size_t i = 0; i < migration_count; i++) {
        struct hp_problem problem = {0};
        if (database_run(pg.other, migrations[i].sql, &problem) != HP_OK) {
            fail_msg("%s: %s", migrations[i].name, problem.detail);
        }
    }
    pg_bench_release(&pg);
}

static const struct migration good = {"0101_good", "create table good (a int)"};

static void an_edited_one_is_named(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    const struct migration edited[] = {{"0101_good", "create table good (b int)"},
                                       {"0102_next", "create table next (a int)"}};
    apply(&pg, &good, 1);
    assert_fails(&pg, edited, 2, HP_CONFLICT, "migration 0101_good was edited");
    assert_int_equal(pg_ask(&pg, "select count(*) from holdpoint_migrations where number = 102"), 0);
    apply(&pg, &good, 1);
    pg_bench_release(&pg);
}

static void one_that_fails_leaves_nothing(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    const struct migration list[] = {
        good,
        {"0102_bad", "create table half (a int); select 1 / 0; create table rest (a int)"},
        {"0103_never", "create table never (a int)"}};
    assert_fails(&pg, list, 3, HP_INTERNAL, "migration 0102_bad failed and was rolled back");
    assert_int_equal(pg_ask(&pg,
                            "select count(*) from pg_tables where schemaname = '%s' and tablename in"
                            " ('good', 'half', 'rest', 'never')",
                            pg.schema),
                     1);
    assert_int_equal(pg_ask(&pg, "select count(*) from holdpoint_migrations where number > 100"), 1);
    pg_bench_release(&pg);
}

static void *migrate_in_thread(void *argument) {
    const struct hp_postgres_options *options = argument;
    struct hp_problem problem = {0};
    return hp_postgres_migrate(support_conninfo(), options, &problem) == HP_OK ? NULL : argument;
}

static void many_at_once(void **state) {
    (void)state;
    enum { THREADS = 8 };
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct hp_postgres_options options = {.schema = "many at once"};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, migrate_in_thread, &options), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(pg_ask(&pg, "select count(*) from \"many at once\".holdpoint_migrations"),
                     (int64_t)migration_count);
    pg_run(&pg, "drop schema \"many at once\" cascade");
    pg_bench_release(&pg);
}

static void what_the_database_itself_refuses(void **state) {
    (void)state;
    static const char insert[] =
        "insert into flow_interrupts (kind, status, request_id, user_id, session_id, data, response,"
        " resolved_at) values ";
    static const struct {
        const char *values;
        bool accepted;
    } rows[] = {
        {"('timeout', 'pending', 'r', 'u', 's', '{}', null, null)", true},
        {"('timeout', 'expired', 'r', 'u', 's', '{}', null, null)", true},
        {"('timeout', 'resolved', 'r', 'u', 's', '{}', '{}', now())", true},
        {"('agent_review', 'pending', 'r', 'u', 's', '{}', null, null)", false},
        {"('timeout', 'open', 'r', 'u', 's', '{}', null, null)", false},
        {"('timeout', 'pending', 'r', 'u', 's', '[]', null, null)", false},
        {"('timeout', 'pending', 'r', 'u', 's', null, null, null)", false},
        {"('timeout', 'pending', 'r', null, 's', '{}', null, null)", false},
        {"('timeout', 'pending', 'r', 'u', 's', '{}', '{}', null)", false},
        {"('timeout', 'pending', 'r', 'u', 's', '{}', null, now())", false},
        {"('timeout', 'resolved', 'r', 'u', 's', '{}', null, now())", false},
        {"('timeout', 'resolved', 'r', 'u', 's', '{}', '{}', null)", false},
        {"('timeout', 'resolved', 'r', 'u', 's', '{}', 'null', now())", false},
        {"('timeout', 'cancelled', 'r', 'u', 's', '{}', '{}', now())", false},
    };
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char sql[512];
        snprintf(sql, sizeof sql, "%s%s", insert, rows[i].values);
        if ((database_run(pg.other, sql, NULL) == HP_OK) != rows[i].accepted) {
            fail_msg("%s", rows[i].values);
        }
    }
    pg_bench_release(&pg);
}

static void what_is_final_stays(void **state) {
    (void)state;
    static const char *const finals[] = {"resolved", "expired", "cancelled"};
    static const char *const refused[] = {
        "status = 'pending', response = null, resolved_at = null",
        "status = 'resolved', response = '{\"text\":\"b\"}', resolved_at = now()",
        "resolved_at = now() + '1 day', response = '{}', status = 'resolved'"};
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++) {
        bool resolved = i == 0;
        pg_run(&pg,
               "delete from flow_interrupts; insert into flow_interrupts (kind, status, request_id, user_id, "
               "session_id,"
               " response, resolved_at, updated_at) values ('timeout', '%s', 'r', 'u', 's', %s, %s, "
               "'2001-01-01')",
               finals[i], resolved ? "'{}'" : "null", resolved ? "now()" : "null");
        for (size_t j = 0; j < sizeof refused / sizeof refused[0]; j++) {
            char sql[512];
            struct hp_problem problem = {0};
            snprintf(sql, sizeof sql, "update flow_interrupts set %s", refused[j]);
            assert_int_equal(database_run(pg.other, sql, &problem), HP_INTERNAL);
            if (!strstr(problem.detail, "that is final")) {
                fail_msg("%s: %s", refused[j], problem.detail);
            }
        }
        pg_run(&pg, "update flow_interrupts set message = 'a note', updated_at = '2001-01-01'");
        assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where updated_at > '2020-01-01'"),
                         1);
    }
    pg_bench_release(&pg);
}

static void a_database_of_another_encoding(void **state) {
    (void)state;
    struct pg_bench pg;
    char conninfo[512];
    struct hp_problem problem = {0};
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "create database ascii encoding 'SQL_ASCII' template template0");
    snprintf(conninfo, sizeof conninfo, "%s dbname=ascii", support_conninfo());
    assert_refused(hp_postgres_migrate(conninfo, NULL, &problem), &problem, HP_INTERNAL, "");
    assert_non_null(strstr(problem.detail, "not UTF8"));
    pg_run(&pg, "drop database ascii");
    pg_bench_release(&pg);
}

static void no_server(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    enum hp_status status = hp_postgres_migrate("host=/nowhere user=nobody", NULL, &problem);
    assert_refused(status, &problem, HP_UNAVAILABLE, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_is_recorded_once),
                                       cmocka_unit_test(each_step_can_run_again),
                                       cmocka_unit_test(an_edited_one_is_named),
                                       cmocka_unit_test(one_that_fails_leaves_nothing),
                                       cmocka_unit_test(many_at_once),
                                       cmocka_unit_test(what_the_database_itself_refuses),
                                       cmocka_unit_test(what_is_final_stays),
                                       cmocka_unit_test(a_database_of_another_encoding),
                                       cmocka_unit_test(no_server)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
