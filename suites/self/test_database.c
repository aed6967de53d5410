#include "harness/adapters/database.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void query_with_parameters(struct database *database) {
    static const char *const parameters[] = {"it's", NULL};
    struct text value = {0};
    struct hp_problem problem = {0};
    bool found = false;
    assert_int_equal(database_query(database, "select $1::text || coalesce($2::text, '!')", parameters, 2,
                                    &value, &found, NULL),
                     HP_OK);
    assert_true(found);
    assert_string_equal(value.bytes, "it's!");
    assert_int_equal(database_query(database, "select $1::text where $2::text is not null", parameters, 2,
                                    &value, &found, NULL),
                     HP_OK);
    assert_false(found);
    assert_refused(
        database_query(database, "select $1::bigint, $2::text", parameters, 2, &value, &found, &problem),
        &problem, HP_INVALID, "");
    hp_problem_clear(&problem);
    assert_refused(
        database_query(database, "select $1 from nothing", parameters, 1, &value, &found, &problem), &problem,
        HP_INTERNAL, "");
    text_release(&value);
}

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
    query_with_parameters(database);
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
