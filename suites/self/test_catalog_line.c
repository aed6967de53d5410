#include "harness/drift/catalog.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct catalog *open_line(void) {
    struct hp_problem problem = {0};
    struct catalog *catalog = NULL;
    if (catalog_open(support_conninfo(), &catalog, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return catalog;
}

static void statements_end_in_one_of_three_ways(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        enum catalog_end end;
        const char *sqlstate, *message;
        size_t rows, columns, affected, position;
    } rows[] = {
        {"select 1, 2 from generate_series(1, 3)", CATALOG_DONE, "", "", 3, 2, 3, 0},
        {"", CATALOG_DONE, "", "", 0, 0, 0, 0},
        {"create temporary table t (a int); insert into t values (1), (2)", CATALOG_DONE, "", "", 0, 0, 2, 0},
        {"select nothing", CATALOG_REFUSED, "42703", "column \"nothing\" does not exist", 0, 0, 0, 8},
        {"select 1 / 0", CATALOG_REFUSED, "22012", "division by zero", 0, 0, 0, 0},
        {"copy (select 1) to stdout", CATALOG_DONE, "", "", 0, 0, 1, 0},
        {"copy t from stdin", CATALOG_REFUSED, "57014", "COPY from stdin failed", 0, 0, 0, 0},
        {"do $$ begin raise notice 'not shown'; end $$", CATALOG_DONE, "", "", 0, 0, 0, 0},
    };
    struct catalog *catalog = open_line();
    struct catalog_answer answer = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(catalog_run(catalog, rows[i].sql, &answer), rows[i].end);
        assert_string_equal(answer.state, rows[i].sqlstate);
        assert_true(strncmp(answer.message, rows[i].message, strlen(rows[i].message)) == 0);
        assert_int_equal(answer.row_count, rows[i].rows);
        assert_int_equal(answer.column_count, rows[i].columns);
        assert_int_equal(answer.affected, rows[i].affected);
        assert_int_equal(answer.position, rows[i].position);
    }
    catalog_answer_release(&answer);
    catalog_close(catalog);
}

static void values_are_text_or_null(void **state) {
    (void)state;
    struct catalog *catalog = open_line();
    struct catalog_answer answer = {0};
    const char *parameters[] = {"it's", NULL};
    assert_int_equal(
        catalog_ask(catalog, "select $1::text, $2::text is null, null, true", parameters, 2, &answer),
        CATALOG_DONE);
    assert_string_equal(catalog_value(&answer, 0, 0), "it's");
    assert_true(catalog_true(&answer, 0, 1));
    assert_null(catalog_value(&answer, 0, 2));
    assert_false(catalog_true(&answer, 0, 2));
    assert_true(catalog_true(&answer, 0, 3));
    assert_false(catalog_true(&answer, 0, 0));
    catalog_answer_release(&answer);
    assert_string_equal(catalog_database(catalog), "postgres");
    assert_true(catalog_version(catalog) >= 120000);
    catalog_close(catalog);
}

static void transactions_are_known(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        bool open;
    } rows[] = {{"select 1", false}, {"begin", true}, {"select 1 / 0", true}, {"rollback", false}};
    struct catalog *catalog = open_line();
    struct catalog_answer answer = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        catalog_run(catalog, rows[i].sql, &answer);
        assert_int_equal(catalog_in_transaction(catalog), rows[i].open);
    }
    catalog_answer_release(&answer);
    catalog_close(catalog);
}

/* Each name and text comes back from the server as it went in, whatever the settings say about backslashes. */
static void what_is_quoted_comes_back(void **state) {
    (void)state;
    static const char *const words[] = {"plain",
                                        "",
                                        "it's",
                                        "two\"quotes\"",
                                        "back\\slash",
                                        "\\'",
                                        "a'; drop table t; --",
                                        "Gr\xc3\xb6\xc3\x9f!"};
    struct catalog *catalog = open_line();
    struct catalog_answer answer = {0};
    for (size_t i = 0; i < 2 * sizeof words / sizeof words[0]; i++) {
        const char *word = words[i / 2];
        struct text sql = {0};
        catalog_run(catalog,
                    i % 2 ? "set standard_conforming_strings = off" : "set standard_conforming_strings = on",
                    &answer);
        text_add(&sql, "select ");
        catalog_add_literal(&sql, word);
        text_add(&sql, " as ");
        catalog_add_name(&sql, *word ? word : "empty");
        assert_int_equal(catalog_run(catalog, sql.bytes, &answer), CATALOG_DONE);
        assert_string_equal(catalog_value(&answer, 0, 0), word);
        text_release(&sql);
    }
    catalog_answer_release(&answer);
    catalog_close(catalog);
}

static void complaints_carry_the_words(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    struct catalog_answer answer = {0};
    struct catalog *catalog = open_line();
    catalog_run(catalog, "select 1 / 0", &answer);
    assert_int_equal(catalog_complain(&answer, &problem), HP_INTERNAL);
    assert_string_equal(problem.detail, "PostgreSQL: division by zero, SQLSTATE 22012");
    hp_problem_clear(&problem);
    assert_int_equal(catalog_run(catalog, "select pg_terminate_backend(pg_backend_pid())", &answer),
                     CATALOG_LOST);
    assert_int_equal(catalog_complain(&answer, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "terminating connection"));
    assert_int_equal(catalog_run(catalog, "select 1", &answer), CATALOG_LOST);
    catalog_answer_release(&answer);
    catalog_close(catalog);
    catalog_close(NULL);
}

static void a_server_that_is_away_is_unavailable(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    struct catalog *catalog = NULL;
    assert_int_equal(catalog_open("host=/nowhere", &catalog, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "/nowhere"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_end_in_one_of_three_ways),
        cmocka_unit_test(values_are_text_or_null),
        cmocka_unit_test(transactions_are_known),
        cmocka_unit_test(what_is_quoted_comes_back),
        cmocka_unit_test(complaints_carry_the_words),
        cmocka_unit_test(a_server_that_is_away_is_unavailable),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop) > 0;
}
