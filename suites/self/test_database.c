#include "harness/adapters/database.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void words_and_answers(void **state) {
    (void)state;
    struct database *database = NULL;
    struct hp_problem problem = {0};
    int64_t number = 7;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    assert_int_equal(database_run(database,
                                  "create table t (a bigint); insert into t values (-9223372036854775808)",
                                  NULL),
                     HP_OK);
    assert_int_equal(database_run(database, "", NULL), HP_OK);
    assert_int_equal(database_ask(database, "select a from t", &number, NULL), HP_OK);
    assert_true(number == INT64_MIN);
    assert_int_equal(database_ask(database, "select a from t where false", &number, NULL), HP_OK);
    assert_int_equal(number, 0);
    assert_refused(database_run(database, "select * from nothing", &problem), &problem, HP_INTERNAL, "");
    assert_non_null(strstr(problem.detail, "nothing"));
    number = 7;
    assert_int_equal(database_ask(database, "select 1 / 0", &number, NULL), HP_INTERNAL);
    assert_int_equal(number, 7);
    database_close(database);
}

static void nobody_there(void **state) {
    (void)state;
    struct database *database = NULL;
    struct hp_problem problem = {0};
    assert_refused(database_open("host=/nowhere", &database, &problem), &problem, HP_UNAVAILABLE, "");
    assert_null(database);
    database_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_and_answers), cmocka_unit_test(nobody_there)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
