/* Tables that code names, and where SQL on the table of interrupts stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "suites/self/support_source.h"

static void a_table_that_is_gone_is_found_where_it_is_named(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py", "LAYER = [\"open_loops\",\n  \"pending_clarifications\"]\n", "source-table-dropped 2"},
        {"a.py", "q = \"\"\"\n  SELECT *\n  FROM public.pending_confirmations p\n\"\"\"\n",
         "source-table-dropped 3"},
        {"a.go", "package a\nvar q = `insert into pending_confirmations (id) values ($1)`\n",
         "source-table-dropped 2"},
        {"a.ts", "db.query(`UPDATE pending_confirmations SET open = ${x}`);\n", "source-table-dropped 1"},
        {"a.rs", "fn f() { sqlx::query(r#\"delete from pending_clarifications\"#); }\n",
         "source-table-dropped 1"},
        {"A.java", "class A { String t = \"pending_clarifications\"; }\n", "source-table-dropped 1"},
        {"a.c", "int f(void) { return run(\"select 1 from \"\n \"pending_confirmations\"); }\n",
         "source-table-dropped 2"},
    };
    SOURCE_CHECK(rows);
}

static void other_texts_are_left_alone(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py", "\"\"\"Reads pending_confirmations.\"\"\"\nx = \"see pending_confirmations in the docs\"\n",
         ""},
        {"a.py", "def f():\n    \"\"\"SELECT x FROM pending_confirmations\"\"\"\n", ""},
        {"a.py", "q = \"DROP TABLE IF EXISTS pending_confirmations\"\n", ""},
        {"migrations/a.py", "q = \"insert into flow_interrupts select * from pending_confirmations\"\n", ""},
        {"a.py", "print(\"Select one from the list\", \"select a file from the folder\")\n", ""},
        {"a_test.py", "q = \"select 1 from pending_confirmations\"\n", ""},
        {"a.py", "q = \"select 1 from nobody_knows\"\n", ""},
    };
    SOURCE_CHECK(rows);
}

/* What stands beside a folder of migrations. */
static void migrations_say_which_tables_there_are(void **state) {
    (void)state;
    static const struct {
        const char *sql, *code, *wanted;
    } rows[] = {
        {"create table people (id int);", "q = \"select 1 from persons\"\n", "source-table-unknown 1"},
        {"create table people (id int);", "q = \"select 1 from people p join lateral f(p.id) on true\"\n",
         ""},
        {"create table people (id int);", "q = \"with old as (select 1 from people) select 1 from old\"\n",
         ""},
        {"create table people (id int);", "q = \"select extract(epoch from born) from people\"\n", ""},
        {"create table people (id int);",
         "q = \"select 1 from pg_catalog.pg_class, information_schema.tables\"\n", ""},
        {"create table people (id int); alter table people rename to folk;", "q = \"select 1 from people\"\n",
         "source-table-dropped 1"},
        {"create table people (id int); alter table people rename to folk;", "q = \"select 1 from folk\"\n",
         ""},
        {"create table people (id int);\n-- +goose Down\ndrop table people;",
         "q = \"select 1 from people\"\n", ""},
        {"create table people (id int); drop table people; create table people (id int);",
         "q = \"select 1 from people\"\n", ""},
        {"create table people (id int);", "op.create_table(\"loops\", x)\nq = \"select 1 from loops\"\n", ""},
        {"create table people (id int);",
         "q = \"create table if not exists loops (id int)\"\nr = \"select 1 from loops\"\n", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        source_clear();
        source_write("db/1.sql", rows[i].sql);
        source_write("a.py", rows[i].code);
        char *found = source_find(NULL, 0);
        assert_string_equal(found, rows[i].wanted);
        free(found);
    }
}

#define WRITES "q = \"update flow_interrupts set status = 'expired'\"\n"

static void sql_on_interrupts_has_its_place(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"service.py", WRITES, "source-raw-sql 1"},
        {"service.py", "class InterruptService:\n    def f(self):\n        " WRITES, "source-raw-sql 3"},
        {"service.py", "class InterruptStore:\n    def f(self):\n        " WRITES, ""},
        {"interrupt_repository.py", WRITES, ""},
        {"storage/interrupts.py", WRITES, ""},
        {"tests/interrupts.py", WRITES, ""},
        {"tool.py", "#!/usr/bin/python3\n" WRITES, ""},
        {"a.go", "package a\nfunc (s *PostgresStore) f() { s.run(\"delete from flow_interrupts\") }\n", ""},
        {"a.go", "package a\nfunc (s *Handler) f() { s.run(\"delete from flow_interrupts\") }\n",
         "source-raw-sql 2"},
        {"a.rs", "impl HoldRepository { fn f() { run(\"delete from flow_interrupts\"); } }\n", ""},
        {"a.c", "void store_sweep(void) { run(\"delete from flow_interrupts\"); }\n", ""},
        {"a.c", "void page_show(void) { run(\"select 1 from flow_interrupts\"); }\n", "source-raw-sql 1"},
        {"service.py", "await db.insert(\"flow_interrupts\", row)\n", ""},
    };
    SOURCE_CHECK(rows);
}

static void a_data_layer_can_be_named(void **state) {
    (void)state;
    static const struct {
        const char *configuration, *wanted;
    } rows[] = {
        {"{\"folders\": {\"data_layer\": [\"engine/\"]}}", ""},
        {"{\"folders\": {\"data_layer\": [\"other/\"]}}", "source-raw-sql 1"},
        {"{\"folders\": {\"tests\": [\"engine/*\"]}}", ""},
        {"{\"ignore\": [{\"check\": \"source-raw-sql\", \"path\": \"engine/*\", \"name\": "
         "\"flow_interrupts\", \"reason\": \"moves next "
         "month\"}]}",
         "source-ignored 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        source_clear();
        source_write("engine/sweep.py", WRITES);
        source_write("holdpoint-source.json", rows[i].configuration);
        char *found = source_find(NULL, 0);
        assert_string_equal(found, rows[i].wanted);
        free(found);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_that_is_gone_is_found_where_it_is_named),
        cmocka_unit_test(other_texts_are_left_alone),
        cmocka_unit_test(migrations_say_which_tables_there_are),
        cmocka_unit_test(sql_on_interrupts_has_its_place),
        cmocka_unit_test(a_data_layer_can_be_named),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
