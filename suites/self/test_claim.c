/* Schemas of ours in a database of somebody else's, and what a killed harness leaves there. */
#include "harness/adapters/claim.h"
#include "harness/adapters/in_process.h"
#include "suites/self/support_child.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *program;

/* In a process of its own: holds a target until its stdin closes. */
static int hold_target(const char *conninfo) {
    struct target *target = NULL;
    struct hp_problem problem = {0};
    char byte;
    if (in_process_postgres_new(conninfo, &target, &problem) != HP_OK) {
        printf("%s\n", problem.detail);
        return 1;
    }
    printf("ready\n");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    target_free(target);
    return 0;
}

static struct database *open_database(void) {
    struct database *database = NULL;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    return database;
}

static void run(struct database *database, const char *sql) {
    struct hp_problem problem = {0};
    if (database_run(database, sql, &problem) != HP_OK) {
        fail_msg("%s: %s", sql, problem.detail);
    }
}

static int64_t schema_count(struct database *database) {
    int64_t count = -1;
    assert_int_equal(database_ask(database, "select count(*) from pg_namespace where nspname ~ '^holdpoint_'",
                                  &count, NULL),
                     HP_OK);
    return count;
}

/* Returns when no session holds a claim any more: the server may see a killed client a moment later than we do. */
static void await_release(struct database *database, const char *schema) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "select pg_advisory_lock(hashtextextended('holdpoint schema %s', 0));"
             " select pg_advisory_unlock_all()",
             schema);
    run(database, sql);
}

static void start_holder(struct child *child) {
    const char *const words[] = {"hold", support_conninfo(), NULL};
    struct text line = {0};
    child_start(child, program, words);
    assert_true(child_read_line(child, &line));
    assert_string_equal(line.bytes, "ready");
    text_release(&line);
}

static void names(void **state) {
    (void)state;
    char name[CLAIM_NAME_SIZE], wanted[CLAIM_NAME_SIZE];
    claim_name(name, "0123abcd-4567");
    snprintf(wanted, sizeof wanted, "holdpoint_%ld_0123abcd", (long)getpid());
    assert_string_equal(name, wanted);
}

/* One that was killed leaves its schema; the next run removes it, and the schema of one that lives stays. */
static void a_killed_harness(void **state) {
    (void)state;
    struct child killed, living;
    struct target *target = NULL;
    struct database *database = open_database();
    char like[64], sql[256];
    int64_t count = -1;
    start_holder(&killed);
    start_holder(&living);
    assert_int_equal(schema_count(database), 2);
    snprintf(like, sizeof like, "holdpoint_%ld_", (long)killed.pid);
    child_kill(&killed);
    assert_int_equal(schema_count(database), 2);
    snprintf(sql, sizeof sql,
             "do $$ begin perform pg_advisory_lock(hashtextextended('holdpoint schema ' || nspname, 0)) from"
             " pg_namespace where nspname like '%s%%'; perform pg_advisory_unlock_all(); end $$",
             like);
    run(database, sql);
    assert_int_equal(in_process_postgres_new(support_conninfo(), &target, NULL), HP_OK);
    assert_int_equal(schema_count(database), 2); /* that of the living one, and ours */
    snprintf(sql, sizeof sql, "select count(*) from pg_namespace where nspname like '%s%%'", like);
    assert_int_equal(database_ask(database, sql, &count, NULL), HP_OK);
    assert_int_equal(count, 0);
    target_free(target);
    assert_int_equal(child_end(&living, NULL), 0);
    assert_int_equal(schema_count(database), 0);
    database_close(database);
}

/* Names like ours that are not ours, and ours in other hands. */
static void what_stays(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *sql; /* what is in it */
        int64_t left;
    } rows[] = {
        {"holdpoint_1_0123abcd", "create table holdpoint_1_0123abcd.holdpoint_migrations (number int)", 0},
        {"holdpoint_1_0123abcd", "create table holdpoint_1_0123abcd.precious (a int)", 1},
        {"holdpoint_1_0123abcd", "select 1", 1},
        {"holdpoint_1_0123abc", "create table holdpoint_1_0123abc.holdpoint_migrations (number int)", 1},
        {"holdpoint_x_0123abcd", "create table holdpoint_x_0123abcd.holdpoint_migrations (number int)", 1}};
    struct database *database = open_database();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char sql[128];
        snprintf(sql, sizeof sql, "create schema %s", rows[i].name);
        run(database, sql);
        run(database, rows[i].sql);
        assert_int_equal(claim_drop_orphans(database, NULL), HP_OK);
        assert_int_equal(schema_count(database), rows[i].left);
        snprintf(sql, sizeof sql, "drop schema if exists %s cascade", rows[i].name);
        run(database, sql);
    }
    database_close(database);
}

static void a_claim_lasts_as_long_as_its_session(void **state) {
    (void)state;
    struct database *owner = open_database(), *other = open_database();
    run(other,
        "create schema holdpoint_7_76543210; create table holdpoint_7_76543210.holdpoint_migrations (a int)");
    for (int again = 0; again < 2; again++) {
        assert_int_equal(claim_schema(owner, "holdpoint_7_76543210", NULL), HP_OK);
    }
    int64_t locks = 0;
    assert_int_equal(
        database_ask(other, "select count(*) from pg_locks where locktype = 'advisory'", &locks, NULL),
        HP_OK);
    assert_int_equal(locks, 1);
    assert_int_equal(claim_drop_orphans(other, NULL), HP_OK);
    assert_int_equal(schema_count(other), 1);
    database_close(owner);
    await_release(other, "holdpoint_7_76543210");
    /* Somebody reads it just now: it is left to the next. */
    owner = open_database();
    run(owner, "begin; select * from holdpoint_7_76543210.holdpoint_migrations");
    assert_int_equal(claim_drop_orphans(other, NULL), HP_OK);
    assert_int_equal(schema_count(other), 1);
    database_close(owner);
    run(other, "begin; lock table holdpoint_7_76543210.holdpoint_migrations; commit");
    assert_int_equal(claim_drop_orphans(other, NULL), HP_OK);
    assert_int_equal(schema_count(other), 0);
    database_close(other);
}

/* The server's crash ends the session, and with it the claim; the reset before the next case takes it again. */
static void a_claim_is_taken_again(void **state) {
    (void)state;
    struct target *targets[2] = {NULL};
    struct session *session = NULL;
    struct answer answer = {0};
    assert_int_equal(in_process_postgres_new(support_conninfo(), &targets[0], NULL), HP_OK);
    assert_int_equal(target_open(targets[0], 0, &session, NULL), HP_OK);
    assert_int_equal(cluster_crash(support_cluster(), NULL), HP_OK);
    assert_int_equal(cluster_resume(support_cluster(), NULL), HP_OK);
    const struct request request = {.method = "reset", .params = "{}", .params_length_bytes = 2};
    session_call(session, &request, 10000, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    assert_int_equal(in_process_postgres_new(support_conninfo(), &targets[1], NULL), HP_OK);
    struct database *database = open_database();
    assert_int_equal(schema_count(database), 2);
    session_close(session);
    target_free(targets[0]);
    target_free(targets[1]);
    assert_int_equal(schema_count(database), 0);
    database_close(database);
}

int main(int count, char **words) {
    if (count == 3) {
        return hold_target(words[2]);
    }
    program = words[0];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names), cmocka_unit_test(a_killed_harness), cmocka_unit_test(what_stays),
        cmocka_unit_test(a_claim_lasts_as_long_as_its_session), cmocka_unit_test(a_claim_is_taken_again)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
