#include "harness/drift/migrations/statements.h"

#include "reference/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A text, and what it splits into: "LINE KIND text" each, joined by "|"; rows of COPY in <>. */
struct row {
    const char *sql, *expected;
};

static const char *const kinds[] = {"plain", "begin", "end", "alone", "role", "extension", "copy", "meta"};

static const struct row rows[] = {
    {"", ""},
    {" \n\t ", ""},
    {";;; ;", ""},
    {"-- only words", ""},
    {"/* only /* words */ */", ""},
    {"select 1", "1 plain select 1"},
    {"select 1;", "1 plain select 1"},
    {"select 1 ;select 2", "1 plain select 1|1 plain select 2"},
    {"\n\n  select 1;\n\nselect\n2;\nselect 3", "3 plain select 1|5 plain select\n2|7 plain select 3"},
    {"\xef\xbb\xbfselect 1", "1 plain select 1"},
    {"-- a;\nselect 1 -- b; c\n;select 2", "2 plain select 1 -- b; c|3 plain select 2"},
    {"/* a; /* b; */ c; */ select /* ; */ 1;", "1 plain select /* ; */ 1"},
    {"/* never closed; select 1;", ""},
    {"select 1 /* never closed; select 2;", "1 plain select 1 /* never closed; select 2;"},
    {"select 4 - -1; select 6 / 2", "1 plain select 4 - -1|1 plain select 6 / 2"},
    {"select ';', 'it''s;'; select 2", "1 plain select ';', 'it''s;'|1 plain select 2"},
    {"select 'a\\'; select 2", "1 plain select 'a\\'|1 plain select 2"},
    {"select E'a\\';'; select 2", "1 plain select E'a\\';'|1 plain select 2"},
    {"select e'\\\\'; select 2", "1 plain select e'\\\\'|1 plain select 2"},
    {"select U&'d\\0061;t', B'1', n';'; select 2",
     "1 plain select U&'d\\0061;t', B'1', n';'|1 plain select 2"},
    {"select 'never closed; select 2;", "1 plain select 'never closed; select 2;"},
    {"select E'never closed\\", "1 plain select E'never closed\\"},
    {"select \";\"\";\" from \"a;b\"; select 2", "1 plain select \";\"\";\" from \"a;b\"|1 plain select 2"},
    {"do $$ begin; end; $$; select 2", "1 plain do $$ begin; end; $$|1 plain select 2"},
    {"do $a$ ; $$ ; $b$ ; $a$; select 2", "1 plain do $a$ ; $$ ; $b$ ; $a$|1 plain select 2"},
    {"do $\xc3\xa4_1$;$\xc3\xa4_1$; select 2", "1 plain do $\xc3\xa4_1$;$\xc3\xa4_1$|1 plain select 2"},
    {"select $1; select a$b$c; select $2$", "1 plain select $1|1 plain select a$b$c|1 plain select $2$"},
    {"do $$ never closed; select 2;", "1 plain do $$ never closed; select 2;"},
    {"select 1$$;$$;select 2", "1 plain select 1$$;$$|1 plain select 2"},
    {"do $body$\nselect 1;\n$body$;\nselect 2", "1 plain do $body$\nselect 1;\n$body$|4 plain select 2"},
    {"create rule r as on insert to t do (select 1; select 2); select 3",
     "1 plain create rule r as on insert to t do (select 1; select 2)|1 plain select 3"},
    {"select 1); select 2", "1 plain select 1)|1 plain select 2"},
    {"create function f() returns int begin atomic select 1; select case when true then 2 end; end; select 3",
     "1 plain create function f() returns int begin atomic select 1; select case when true then 2 end; end|"
     "1 plain select 3"},
    {"create or replace procedure p() language sql\nbegin atomic\n insert into t values (1);\nend;\nselect 3",
     "1 plain create or replace procedure p() language sql\nbegin atomic\n insert into t values (1);\nend|"
     "5 plain select 3"},
    {"create function f() returns text begin atomic select \"end\" from t; end; select 3",
     "1 plain create function f() returns text begin atomic select \"end\" from t; end|1 plain select 3"},
    {"create function atomic() returns int as 'x' language c; select 3",
     "1 plain create function atomic() returns int as 'x' language c|1 plain select 3"},
    {"create table begin (atomic int); select 3", "1 plain create table begin (atomic int)|1 plain select 3"},
    {"begin; select 1; commit", "1 begin begin|1 plain select 1|1 end commit"},
    {"BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE; End", "1 begin BEGIN TRANSACTION ISOLATION LEVEL "
                                                            "SERIALIZABLE|1 end End"},
    {"start transaction; rollback; abort; prepare transaction 'x'; commit prepared 'x'",
     "1 begin start transaction|1 end rollback|1 end abort|1 end prepare transaction 'x'|1 end commit "
     "prepared "
     "'x'"},
    {"savepoint a; rollback to a; rollback work to a; rollback transaction to savepoint a; release a",
     "1 plain savepoint a|1 plain rollback to a|1 plain rollback work to a|1 plain rollback transaction to "
     "savepoint a|1 plain release a"},
    {"/* x */ create /* y */ unique -- z\n index concurrently i on t (a)",
     "1 alone create /* y */ unique -- z\n index concurrently i on t (a)"},
    {"create index concurrently on t (a); create index on t (concurrently)",
     "1 alone create index concurrently on t (a)|1 plain create index on t (concurrently)"},
    {"drop index concurrently i; reindex table concurrently t; reindex table t; reindex database d",
     "1 alone drop index concurrently i|1 alone reindex table concurrently t|1 plain reindex table t|1 alone "
     "reindex database d"},
    {"vacuum; create database d; drop database d; alter system set a = 1; create tablespace s location 'x'",
     "1 alone vacuum|1 alone create database d|1 alone drop database d|1 alone alter system set a = 1|1 "
     "alone "
     "create tablespace s location 'x'"},
    {"create role a; create user b; create group c; create user mapping for a server s; alter role a login",
     "1 role create role a|1 role create user b|1 role create group c|1 plain create user mapping for a "
     "server "
     "s|1 plain alter role a login"},
    {"create extension if not exists x; create table extension (a int)",
     "1 extension create extension if not exists x|1 plain create table extension (a int)"},
    {"copy t (a, b) from stdin;\n1\t;\n\\.\nselect 2",
     "1 copy copy t (a, b) from stdin<1\t;\n>|4 plain select 2"},
    {"COPY t FROM STDIN WITH (format csv); -- rows\n'\n\\.\r\nselect 2",
     "1 copy COPY t FROM STDIN WITH (format csv)<'\n>|4 plain select 2"},
    {"copy t from stdin;\n1\n\\.x\n", "1 copy copy t from stdin<1\n\\.x\n>"},
    {"copy t from stdin;\n1", "1 copy copy t from stdin<1>"},
    {"copy t from stdin", "1 copy copy t from stdin"},
    {"copy t from stdin;", "1 copy copy t from stdin<>"},
    {"copy t from stdin \\g\nselect 2", "1 copy copy t from stdin|1 meta \\g|2 plain select 2"},
    {"copy t from 'file'; copy (select a from stdin) to stdout; select 2",
     "1 plain copy t from 'file'|1 plain copy (select a from stdin) to stdout|1 plain select 2"},
    {"\\i other.sql\nselect 1;\n  \\connect db\nselect 2",
     "1 meta \\i other.sql|2 plain select 1|3 meta \\connect db|4 plain select 2"},
    {"select 1 as a \\gset\nselect 2", "1 plain select 1 as a|1 meta \\gset|2 plain select 2"},
    {"select '\\i x', \"\\i\", $$ \\i $$ -- \\i\n", "1 plain select '\\i x', \"\\i\", $$ \\i $$ -- \\i"},
};

static void add(struct text *text, const struct statement *statement, bool first) {
    text_addf(text, "%s%zu %s %s", first ? "" : "|", statement->line, kinds[statement->kind],
              statement->text);
    if (statement->rows) {
        text_addf(text, "<%s>", statement->rows);
    }
}

static void texts_split_where_psql_splits_them(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statements statements;
        struct text text = {0};
        assert_true(statements_split(rows[i].sql, strlen(rows[i].sql), &statements));
        for (size_t s = 0; s < statements.count; s++) {
            add(&text, &statements.items[s], s == 0);
        }
        assert_string_equal(text.bytes ? text.bytes : "", rows[i].expected);
        text_release(&text);
        statements_release(&statements);
    }
}

static void too_many_are_refused(void **state) {
    (void)state;
    struct text sql = {0};
    struct statements statements;
    for (size_t i = 0; i <= STATEMENTS_CAP; i++) {
        text_add(&sql, "a;");
    }
    assert_true(statements_split(sql.bytes, sql.length_bytes - 2, &statements));
    assert_int_equal(statements.count, STATEMENTS_CAP);
    statements_release(&statements);
    assert_false(statements_split(sql.bytes, sql.length_bytes, &statements));
    statements_release(&statements);
    text_release(&sql);
}

static void positions_are_lines(void **state) {
    (void)state;
    static const struct {
        size_t position, line;
    } positions[] = {{0, 7}, {1, 7}, {4, 7}, {5, 8}, {9, 8}, {10, 9}, {100, 9}};
    struct statement statement = {.text = (char *)"\xc3\xa4 1\n\xe2\x82\xac 2,\n3", .line = 7};
    for (size_t i = 0; i < sizeof positions / sizeof positions[0]; i++) {
        assert_int_equal(statement_line_at(&statement, positions[i].position), positions[i].line);
    }
}

static void words_are_found_where_they_stand_alone(void **state) {
    (void)state;
    static const struct {
        const char *text, *word;
        size_t line;
    } words[] = {
        {"drop table\n notes", "notes", 6},
        {"drop table public.NOTES;", "notes", 5},
        {"drop table \"notes\"", "notes", 5},
        {"drop table notes_old, old_notes, notes1", "notes", 0},
        {"-- notes\n/* notes\n */ drop table a", "notes", 0},
        {"-- notes\n/* x */ drop table notes", "notes", 6},
        {"drop table a", "", 0},
        {"", "notes", 0},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct statement statement = {.text = (char *)words[i].text, .line = 5};
        assert_int_equal(statement_find_word(&statement, words[i].word), words[i].line);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_split_where_psql_splits_them),
        cmocka_unit_test(too_many_are_refused),
        cmocka_unit_test(positions_are_lines),
        cmocka_unit_test(words_are_found_where_they_stand_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
