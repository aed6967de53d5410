#include "harness/drift/migrations/snapshot.h"

#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char ground[] =
    "create schema s; create table s.t (id int primary key, name text default 'x', at timestamptz default "
    "now(),"
    " local timestamp default localtimestamp, day date default current_date);"
    "insert into s.t (id) values (1), (2);"
    "create type s.mood as enum ('a'); create domain s.small as int check (value < 9);"
    "create view s.v as select id from s.t; create sequence s.q; create index i on s.t (name);"
    "create function s.f() returns trigger language plpgsql as 'begin return new; end';"
    "create trigger g before update on s.t for each row execute function s.f();"
    "create table s.parts (a int) partition by list (a); create table s.part_1 partition of s.parts for "
    "values in (1);"
    "insert into s.parts values (1); alter table s.t enable row level security;"
    "create policy p on s.t using (true); comment on table s.t is 'words'; create materialized view s.m as "
    "select 1 a";

/* A change, and what is told of it; "": nothing. */
static const struct {
    const char *sql, *told;
} rows[] = {
    {"select 1", ""},
    {"set timezone = 'Asia/Tokyo'; set datestyle = 'German'; set search_path = s", ""},
    {"create temporary table x (a int)", ""},
    {"update s.t set at = now() - interval '0 s', local = localtimestamp, day = current_date", ""},
    {"delete from s.t where id = 1; insert into s.t (id) values (1)", ""},
    {"select nextval('s.q')", ""},
    {"alter table s.t rename column name to title; alter table s.t rename column title to name", ""},
    {"create table s.u (a int)", "table s.u is new, column s.u.a is new"},
    {"drop view s.v", "view s.v is gone"},
    {"create or replace view s.v as select id + 0 as id from s.t", "view s.v is another"},
    {"create schema r", "schema r is new"},
    {"alter table s.t add column b int", "column s.t.b is new"},
    {"alter table s.t alter column name set not null", "column s.t.name is another"},
    {"alter table s.t alter column name drop default", "column s.t.name is another"},
    {"alter table s.t add check (id > 0)", "constraint t_id_check on s.t is new"},
    {"drop index s.i", "index s.i is gone"},
    {"alter table s.t disable trigger g", "trigger g on s.t is another"},
    {"alter type s.mood add value 'b'", "type s.mood is another"},
    {"alter domain s.small drop constraint small_check", "constraint small_check on s.small is gone"},
    {"create or replace function s.f() returns trigger language plpgsql as 'begin return null; end'",
     "function s.f() is another"},
    {"drop policy p on s.t", "policy p on s.t is gone"},
    {"comment on table s.t is 'other words'", "comment on table s.t is another"},
    {"alter sequence s.q increment 2", "sequence s.q is another"},
    {"grant select on s.t to public", "table s.t is another"},
    {"create rule r as on delete to s.t do instead nothing", "rule r on s.t is new"},
    {"insert into s.t (id) values (3)", "s.t has 3 rows instead of 2"},
    {"delete from s.t", "s.t has 0 rows instead of 2"},
    {"delete from s.t where id = 2", "s.t has 1 row instead of 2"},
    {"update s.t set name = 'y' where id = 1", "s.t has other values in its rows"},
    {"update s.t set at = '2001-01-01' where id = 1", "s.t has other values in its rows"},
    {"insert into s.parts values (1)", "s.parts has 2 rows instead of 1"},
    {"drop schema s cascade", "schema s is gone, table s.part_1 is gone, table s.parts is gone, and more"},
};

static void drop_all(struct catalog *catalog) {
    struct catalog_answer answer = {0};
    assert_int_equal(
        catalog_run(catalog,
                    "reset all; reset role; drop schema if exists s cascade; drop schema if exists r "
                    "cascade; drop table if exists x",
                    &answer),
        CATALOG_DONE);
    catalog_answer_release(&answer);
}

static void run(struct catalog *catalog, const char *sql) {
    struct catalog_answer answer = {0};
    if (catalog_run(catalog, sql, &answer) != CATALOG_DONE) {
        fail_msg("%s: %s", sql, answer.message);
    }
    catalog_answer_release(&answer);
}

static void every_change_is_told_and_nothing_else(void **state) {
    (void)state;
    struct catalog *catalog = NULL;
    assert_int_equal(catalog_open(support_conninfo(), &catalog, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct snapshot before, after;
        struct text told = {0};
        run(catalog, ground);
        assert_int_equal(snapshot_take(catalog, "2020-01-01T00:00:00Z", &before, NULL), HP_OK);
        run(catalog, "reset all");
        run(catalog, rows[i].sql);
        assert_int_equal(snapshot_take(catalog, "2020-01-01T00:00:00Z", &after, NULL), HP_OK);
        assert_int_equal(snapshot_tell_difference(&before, &after, &told), rows[i].told[0] != '\0');
        assert_string_equal(told.bytes ? told.bytes : "", rows[i].told);
        text_release(&told);
        snapshot_release(&before);
        snapshot_release(&after);
        drop_all(catalog);
    }
    catalog_close(catalog);
}

static void tables_are_found_by_oid_and_by_name(void **state) {
    (void)state;
    struct catalog *catalog = NULL;
    struct snapshot snapshot;
    assert_int_equal(catalog_open(support_conninfo(), &catalog, NULL), HP_OK);
    run(catalog, ground);
    assert_int_equal(snapshot_take(catalog, "2020-01-01T00:00:00Z", &snapshot, NULL), HP_OK);
    assert_int_equal(snapshot.table_count, 2);
    const struct snapshot_table *table = snapshot_find_named(&snapshot, "s", "t");
    assert_non_null(table);
    assert_int_equal(table->rows, 2);
    assert_ptr_equal(snapshot_find(&snapshot, table->oid), table);
    assert_null(snapshot_find(&snapshot, "1"));
    assert_null(snapshot_find_named(&snapshot, "public", "t"));
    snapshot_release(&snapshot);
    drop_all(catalog);
    catalog_close(catalog);
}

static void a_lost_line_is_unavailable(void **state) {
    (void)state;
    struct catalog *catalog = NULL;
    struct catalog_answer answer = {0};
    struct snapshot snapshot;
    struct hp_problem problem = {0};
    assert_int_equal(catalog_open(support_conninfo(), &catalog, NULL), HP_OK);
    catalog_run(catalog, "select pg_terminate_backend(pg_backend_pid())", &answer);
    catalog_answer_release(&answer);
    assert_int_equal(snapshot_take(catalog, "2020-01-01T00:00:00Z", &snapshot, &problem), HP_UNAVAILABLE);
    snapshot_release(&snapshot);
    catalog_close(catalog);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_told_and_nothing_else),
        cmocka_unit_test(tables_are_found_by_oid_and_by_name),
        cmocka_unit_test(a_lost_line_is_unavailable),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop) == 0 ? 0 : 1;
}
