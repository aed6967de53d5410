/* Several processes on one database: migrations that begin at once, sweeps that share. */
#include "reference/store/migrate.h"
#include "suites/self/support_child.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *program;

/* In a process of its own: migrate CONNINFO ZONE. */
static int migrate(char **words) {
    const struct hp_postgres_options options = {.legacy_zone = words[1]};
    struct hp_problem problem = {0};
    if (hp_postgres_migrate(words[0], &options, &problem) == HP_OK) {
        return 0;
    }
    printf("%s\n", problem.detail);
    return 1;
}

/* In a process of its own: sweep CONNINFO SCHEMA; prints the ids. */
static int sweep(char **words) {
    const struct hp_postgres_options options = {.schema = words[1]};
    struct hp_store *store = hp_store_postgres_new(words[0], &options);
    struct hp_id_list ids = {0};
    struct hp_problem problem = {0};
    if (!store || store_expire_due(store, &ids, &problem) != HP_OK) {
        printf("%s\n", problem.detail);
        return 1;
    }
    for (size_t i = 0; i < ids.count; i++) {
        printf("%s\n", ids.ids[i]);
    }
    hp_id_list_release(&ids);
    hp_store_free(store);
    return 0;
}

/* A database of its own, and a session of ours in it. */
struct fresh {
    struct pg_bench pg; /* of the other one, for what is asked of the server */
    struct database *database;
    char conninfo[600];
};

static void fresh_init(struct fresh *fresh) {
    pg_bench_init(&fresh->pg, NULL);
    pg_run(&fresh->pg, "create database fresh");
    snprintf(fresh->conninfo, sizeof fresh->conninfo, "%s dbname=fresh", support_conninfo());
    assert_int_equal(database_open(fresh->conninfo, &fresh->database, NULL), HP_OK);
}

static void fresh_release(struct fresh *fresh) {
    database_close(fresh->database);
    pg_run(&fresh->pg, "drop database fresh with (force)");
    pg_bench_release(&fresh->pg);
}

static int64_t fresh_ask(struct fresh *fresh, const char *sql) {
    struct hp_problem problem = {0};
    int64_t number = -1;
    if (database_ask(fresh->database, sql, &number, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return number;
}

/* Two processes, both held at the door until both are there, so that they really begin at once. */
static void migrate_by_two(struct fresh *fresh) {
    const char *const words[] = {"migrate", fresh->conninfo, "Europe/Berlin", NULL};
    struct child children[2];
    fresh_ask(fresh, "select 1 from pg_advisory_lock(hashtextextended('holdpoint migrations public', 0))");
    for (size_t i = 0; i < 2; i++) {
        child_start(&children[i], program, words);
    }
    pg_await_waiters(&fresh->pg, 2);
    fresh_ask(fresh, "select pg_advisory_unlock(hashtextextended('holdpoint migrations public', 0))::int");
    for (size_t i = 0; i < 2; i++) {
        struct text output = {0};
        if (child_end(&children[i], &output) != 0) {
            fail_msg("%s", output.bytes ? output.bytes : "no word");
        }
        text_release(&output);
    }
    assert_int_equal(fresh_ask(fresh, "select count(*) from holdpoint_migrations"), (int64_t)migration_count);
}

static void two_migrate_a_fresh_database(void **state) {
    (void)state;
    struct fresh fresh;
    fresh_init(&fresh);
    migrate_by_two(&fresh);
    migrate_by_two(&fresh); /* nothing is left to do */
    assert_int_equal(fresh_ask(&fresh, "select count(*) from flow_interrupts"), 0);
    fresh_release(&fresh);
}

static void two_upgrade_a_legacy_database(void **state) {
    (void)state;
    struct fresh fresh;
    char sql[65536] = "";
    FILE *file = fopen("fixtures/legacy/tables.sql", "r");
    assert_non_null(file);
    assert_true(fread(sql, 1, sizeof sql - 1, file) > 0);
    fclose(file);
    fresh_init(&fresh);
    assert_int_equal(database_run(fresh.database, sql, NULL), HP_OK);
    int64_t rows = fresh_ask(&fresh, "select (select count(*) from pending_confirmations)"
                                     " + (select count(*) from pending_clarifications)");
    assert_true(rows > 10);
    migrate_by_two(&fresh);
    assert_int_equal(fresh_ask(&fresh, "select count(*) from flow_interrupts"), rows);
    assert_int_equal(fresh_ask(&fresh,
                               "select count(distinct coalesce(data ->> 'legacy_id', id::text) || kind)"
                               " from flow_interrupts"),
                     rows);
    assert_int_equal(fresh_ask(&fresh, "select count(*) from pg_tables where tablename like 'pending\\_%'"),
                     0);
    fresh_release(&fresh);
}

static int compare_lines(const void *one, const void *other) {
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* How many lines the text has, and that no two are equal; cuts the text up. */
static size_t count_distinct(char *lines) {
    enum { MOST = 6000 };
    static const char *found[MOST];
    size_t count = 0;
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(count < MOST);
        found[count++] = line;
    }
    qsort(found, count, sizeof found[0], compare_lines);
    for (size_t i = 1; i < count; i++) {
        assert_string_not_equal(found[i - 1], found[i]);
    }
    return count;
}

static void eight_sweep_at_once(void **state) {
    (void)state;
    enum { PROCESSES = 8, DUE = 5000 };
    struct pg_bench pg;
    struct child children[PROCESSES];
    struct text ids = {0};
    pg_bench_init(&pg, NULL);
    pg_run(&pg,
           "insert into flow_interrupts (kind, request_id, user_id, session_id, expires_at)"
           " select 'timeout', 'r', 'u', 's', '2001-01-01Z' from generate_series(1, %d)",
           DUE);
    const char *const words[] = {"sweep", support_conninfo(), pg.schema, NULL};
    pg_run(&pg, "begin; lock table flow_interrupts in access exclusive mode");
    for (size_t i = 0; i < PROCESSES; i++) {
        child_start(&children[i], program, words);
    }
    pg_await_waiters(&pg, PROCESSES);
    pg_run(&pg, "rollback");
    for (size_t i = 0; i < PROCESSES; i++) {
        if (child_end(&children[i], &ids) != 0) {
            fail_msg("%s", ids.bytes ? ids.bytes : "no word");
        }
    }
    assert_int_equal(count_distinct(ids.bytes), DUE);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where status = 'expired'"), DUE);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), DUE);
    assert_int_equal(pg_ask(&pg, "select count(distinct interrupt_id) from flow_interrupt_events"), DUE);
    text_release(&ids);
    pg_bench_release(&pg);
}

int main(int count, char **words) {
    if (count == 4) {
        return strcmp(words[1], "migrate") == 0 ? migrate(words + 2) : sweep(words + 2);
    }
    program = words[0];
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_migrate_a_fresh_database),
                                       cmocka_unit_test(two_upgrade_a_legacy_database),
                                       cmocka_unit_test(eight_sweep_at_once)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
