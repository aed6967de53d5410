#include "harness/adapters/row_locks.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_cluster.h"

#define ONE "5f0c2b9e-3f7a-4d5e-9a51-0c8f6a1f2b11"
#define TWO "5f0c2b9e-3f7a-4d5e-9a51-0c8f6a1f2b12"

/* Rows ONE and TWO in a schema of an awkward name. */
static struct database *begin(void) {
    struct database *database = NULL;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    assert_int_equal(database_run(database,
                                  "drop schema if exists \"odd \"\" name\" cascade;"
                                  "create schema \"odd \"\" name\"; set search_path to \"odd \"\" name\";"
                                  "create table flow_interrupts (id uuid);"
                                  "insert into flow_interrupts values ('" ONE "'), ('" TWO "')",
                                  NULL),
                     HP_OK);
    return database;
}

static void end(struct database *database) {
    assert_int_equal(database_run(database, "drop schema \"odd \"\" name\" cascade", NULL), HP_OK);
    database_close(database);
}

static bool is_locked(struct database *database, const char *id) {
    char sql[160];
    int64_t skipped = 0;
    snprintf(sql, sizeof sql, "select 1 from flow_interrupts where id = '%s' for update skip locked", id);
    assert_int_equal(database_ask(database, sql, &skipped, NULL), HP_OK);
    return skipped == 0;
}

static struct row_locks *open_locks(size_t count) {
    struct row_locks *locks = NULL;
    struct hp_problem problem = {0};
    if (row_locks_open(support_conninfo(), "odd \" name", count, &locks, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return locks;
}

static void a_row_is_held_until_it_is_let_go(void **state) {
    (void)state;
    struct database *database = begin();
    struct row_locks *locks = open_locks(2);
    assert_false(row_locks_any(locks));
    assert_int_equal(row_locks_hold(locks, 0, ONE, NULL), HP_OK);
    assert_true(row_locks_any(locks));
    assert_true(is_locked(database, ONE));
    assert_false(is_locked(database, TWO));
    assert_int_equal(row_locks_hold(locks, 1, "5F0C2B9E-3F7A-4D5E-9A51-0C8F6A1F2B12", NULL), HP_OK);
    assert_true(is_locked(database, TWO));
    assert_int_equal(row_locks_let_go(locks, 0, NULL), HP_OK);
    assert_false(is_locked(database, ONE));
    assert_true(row_locks_any(locks));
    assert_int_equal(row_locks_let_go(locks, 0, NULL), HP_OK);
    row_locks_close(locks);
    assert_int_equal(database_run(database, "select 1 from flow_interrupts for update", NULL), HP_OK);
    end(database);
}

static void what_cannot_be_held_is_said(void **state) {
    (void)state;
    struct database *database = begin();
    struct row_locks *locks = open_locks(2);
    struct hp_problem problem = {0};
    assert_int_equal(row_locks_hold(locks, 0, "'; drop table flow_interrupts; --", &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "that is no UUID"));
    hp_problem_clear(&problem);
    assert_int_equal(row_locks_hold(locks, 0, "5f0c2b9e-0000-4d5e-9a51-0c8f6a1f2b11", &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "\"odd \"\" name\".flow_interrupts has none"));
    hp_problem_clear(&problem);
    assert_int_equal(row_locks_hold(locks, 0, ONE, NULL), HP_OK);
    assert_int_equal(row_locks_hold(locks, 1, ONE, &problem), HP_INTERNAL);
    assert_non_null(strstr(problem.detail, "could not obtain lock"));
    assert_int_equal(row_locks_hold(locks, 1, TWO, NULL), HP_OK);
    row_locks_close(locks);
    row_locks_close(NULL);
    end(database);
    hp_problem_clear(&problem);
    assert_int_equal(row_locks_open("host=/nowhere", NULL, 1, &locks, &problem), HP_UNAVAILABLE);
}

/* Sets *argument when it got the row. */
static void *wait_for_row(void *argument) {
    static const char sql[] =
        "begin; select 1 from \"odd \"\" name\".flow_interrupts where id = '" ONE "' for update; commit";
    struct database *waiting = NULL;
    *(bool *)argument = database_open(support_conninfo(), &waiting, NULL) == HP_OK &&
                        database_run(waiting, sql, NULL) == HP_OK;
    database_close(waiting);
    return NULL;
}

static int64_t count(struct row_locks *locks) {
    int64_t waiting = -1;
    assert_int_equal(row_locks_count_waiting(locks, &waiting, NULL), HP_OK);
    return waiting;
}

/* The second waits for the first, the first for us. */
static void those_who_wait_are_counted(void **state) {
    (void)state;
    struct database *database = begin();
    struct row_locks *locks = open_locks(1);
    pthread_t threads[2];
    bool got[2] = {false, false};
    assert_int_equal(row_locks_hold(locks, 0, ONE, NULL), HP_OK);
    assert_int_equal(count(locks), 0);
    for (int64_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, wait_for_row, &got[i]), 0);
        while (count(locks) < i + 1) {
        }
        assert_int_equal(count(locks), i + 1);
    }
    assert_int_equal(row_locks_let_go(locks, 0, NULL), HP_OK);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    assert_true(got[0] && got[1]);
    assert_int_equal(count(locks), 0);
    row_locks_close(locks);
    end(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_held_until_it_is_let_go),
        cmocka_unit_test(what_cannot_be_held_is_said),
        cmocka_unit_test(those_who_wait_are_counted),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
