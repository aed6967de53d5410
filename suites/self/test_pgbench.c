/* What the benches give to pgbench and read from it. */
#include "reference/store/postgres_statement.h"
#include "suites/bench/ground.h"
#include "suites/bench/pgbench.h"
#include "suites/bench/server_log.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void scripts(void **state) {
    (void)state;
    static const char *const values[] = {":a", "null", "3", "4", "5", "6", "7", "8", "9", ":ten"};
    static const struct {
        const char *sql;
        const char *script; /* NULL: refused */
    } rows[] = {
        {"select $1::int, $2", "select :a::int, null;\n"},
        {"select $10$1", "select :ten:a;\n"},
        {"select '$1', 'x'':y', $1", "select '$1', 'x'U&'\\003Ay', :a;\n"},
        {"select 'HH24:MI', ':', '(?:[a])'", "select U&'HH24\\003AMI', ':', '(?:[a])';\n"},
        {"select 'a:b\\'", "select U&'a\\003Ab\\\\';\n"},
        {"select $$", "select $$;\n"},
        {"select 'open:end", "select U&'open\\003Aend;\n"},
        {"select $11", NULL},
        {"select $0", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text script = {0};
        assert_int_equal(pgbench_write(&script, rows[i].sql, values, 10), rows[i].script != NULL);
        if (rows[i].script) {
            assert_string_equal(script.bytes, rows[i].script);
        }
        text_release(&script);
    }
}

/* The server reads the same strings in a script as in the statement. */
static void a_string_keeps_its_meaning(void **state) {
    (void)state;
    static const char *const strings[] = {"'YYYY-MM-DD\"T\"HH24:MI:SS'", "'a:b\\c:d\\\\'", "'(:x)\\s'"};
    struct database *database = NULL;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        struct text script = {0};
        char sql[256];
        int64_t same = 0;
        assert_true(pgbench_write(&script, strings[i], NULL, 0));
        script.bytes[script.length_bytes - 2] = '\0';
        assert_string_not_equal(script.bytes, strings[i]);
        snprintf(sql, sizeof sql, "select (%s = %s)::int", script.bytes, strings[i]);
        assert_int_equal(database_ask(database, sql, &same, NULL), HP_OK);
        assert_int_equal(same, 1);
        text_release(&script);
    }
    database_close(database);
}

#define PRINTED "pgbench (15.1)\ntransaction type: x.sql\nnumber of transactions actually processed: 20/20\n"

static void what_it_prints(void **state) {
    (void)state;
    static const struct {
        const char *output;
        bool read;
    } rows[] = {
        {PRINTED "number of failed transactions: 0 (0.000%)\nlatency average = 1 ms\n"
                 "tps = 123.5 (without initial connection time)\n",
         true},
        {PRINTED "tps = 123.5 (excluding connections establishing)\n", true},
        {PRINTED "number of failed transactions: 1 (5.000%)\ntps = 123.5 (without initial connection time)\n",
         false},
        {PRINTED, false},
        {PRINTED "tps = 0.000 (without initial connection time)\n", false},
        {PRINTED "tps = fast\n", false},
        {"\ntps = 123.5 (without initial connection time)\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pgbench_result result = {0};
        assert_int_equal(pgbench_read(rows[i].output, &result), rows[i].read);
        if (rows[i].read) {
            assert_true(result.per_second == 123.5);
            assert_int_equal(result.processed, 20);
        }
    }
}

/* A real run: as many rows as transactions, each with the variable's text, quotes and all, in a session that is set. */
static void a_run(void **state) {
    (void)state;
    static const char text[] = "it's {\"a\": 1} :colon $1";
    static const char *const values[] = {":text"};
    static const struct pgbench_variable variables[] = {{"text", text}};
    char path[600];
    struct text script = {0};
    struct database *database = NULL;
    struct hp_problem problem = {0};
    struct pgbench_result result = {0};
    int64_t rows = 0;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    assert_int_equal(database_run(database, "create table t (a text, b text)", NULL), HP_OK);
    assert_true(pgbench_write(&script,
                              "insert into t select $1, to_char(now(), 'HH24:MI') ||"
                              " current_setting('application_name')",
                              values, 1));
    snprintf(path, sizeof path, "%s/test.pgbench", cluster_folder(support_cluster()));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(script.bytes, file);
    fclose(file);
    struct pgbench_order order = {.conninfo = support_conninfo(),
                                  .session = "-c timezone=UTC",
                                  .script = path,
                                  .variables = variables,
                                  .variable_count = 1,
                                  .connections = 2,
                                  .transactions = 10};
    if (pgbench_run(&order, &result, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    assert_int_equal(result.processed, 20);
    assert_true(result.per_second > 0);
    assert_int_equal(database_ask(database,
                                  "select count(*) from t where a = 'it''s {\"a\": 1} :colon $1'"
                                  " and b ~ '^[0-9]{2}:[0-9]{2}pgbench$'",
                                  &rows, NULL),
                     HP_OK);
    assert_int_equal(rows, 20);
    assert_int_equal(database_run(database, "drop table t", NULL), HP_OK);
    assert_refused(pgbench_run(&order, &result, &problem), &problem, HP_UNAVAILABLE, "");
    assert_non_null(strstr(problem.detail, "\"t\" does not exist"));
    text_release(&script);
    database_close(database);
}

/* Each row is found by the id that the C side makes and by the one that pgbench makes. */
static void ids_of_the_ground(void **state) {
    (void)state;
    static const int64_t numbers[] = {1, 255, 20000, INT64_C(0x123456789abc), INT64_MAX};
    struct database *database = NULL;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char id[HP_ID_SIZE], sql[256];
        int64_t same = 0;
        ground_id(numbers[i], id);
        assert_true(hp_id_is_canonical(id));
        snprintf(sql, sizeof sql, "select (%s::uuid = '%s'::uuid)::int from (values (%lld::int8)) v (n)",
                 "('00000000-0000-4000-' || encode(int8send(n), 'hex'))", id, (long long)numbers[i]);
        assert_int_equal(database_ask(database, sql, &same, NULL), HP_OK);
        assert_int_equal(same, 1);
    }
    database_close(database);
}

static void lines_of_a_log(void **state) {
    (void)state;
    static const char *const lines[] = {"2025 UTC [1] LOG:  execute holdpoint_1: select\n",
                                        "2025 UTC [1] DETAIL:  parameters: $1 = 'LOG: execute holdpoint_1'\n",
                                        "2025 UTC [1] LOG:  execute <unnamed>: select 'LOG:  statement: '\n",
                                        "2025 UTC [1] LOG:  statement: begin\n",
                                        "2025 UTC [1] LOG:  checkpoint starting: time\n",
                                        "\tfrom t\n"};
    struct server_log log = {0};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        server_log_add(&log, lines[i]);
    }
    assert_int_equal(log.executions, 1);
    assert_int_equal(log.statements, 3);
    assert_false(server_log_count("/nowhere", &log));
    assert_true(server_log_count(cluster_folder(support_cluster()), &log));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts),           cmocka_unit_test(a_string_keeps_its_meaning),
        cmocka_unit_test(what_it_prints),    cmocka_unit_test(a_run),
        cmocka_unit_test(ids_of_the_ground), cmocka_unit_test(lines_of_a_log)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
