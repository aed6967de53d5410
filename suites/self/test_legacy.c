/* The upgrade of a database as it was before, from fixtures/legacy. */
#include "reference/base/text.h"
#include "reference/store/migrate.h"
#include "suites/self/support_cluster.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 11 };

/* A file of the fixtures; the caller frees it. */
static char *read_file(const char *path) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

/* A schema with the legacy tables and nothing else; the migrations were not applied. */
static void legacy_init(struct pg_bench *pg) {
    struct hp_problem problem = {0};
    char *sql = read_file("fixtures/legacy/tables.sql");
    pg_bench_init(pg, NULL);
    pg_run(pg, "drop schema \"%s\" cascade; create schema \"%s\"", pg->schema, pg->schema);
    if (database_run(pg->other, sql, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    free(sql);
    pg->options.legacy_zone = "Europe/Berlin";
}

static void upgrade(struct pg_bench *pg) {
    struct hp_problem problem = {0};
    if (hp_postgres_migrate(support_conninfo(), &pg->options, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
}

/* Each row, found by what it was, with all that it must be now. */
static const struct {
    const char *was;
    const char *is;
} carried[] = {
    {"request_id = 'r1'",
     "id = '0f8fad5b-d9cb-469f-a165-70867728950e' and kind = 'confirmation' and status = 'pending' and "
     "user_id = 'ann'"
     " and session_id = 's1' and message = 'Delete all?' and question is null and response is null"
     " and data = '{\"files\": [1, 2.50], \"n\": 10000000000000000000000, \"legacy\": {\"priority\": 3}}'"
     " and created_at = '2025-07-01 08:00:00.123456Z' and expires_at = '2998-12-31 23:00Z' and resolved_at "
     "is null"},
    {"request_id = 'r2'",
     "id = '7c9e6679-7425-40de-944b-e07fc1f90ae7' and status = 'resolved' and resolved_at = '2025-01-01 "
     "09:05:00.5Z'"
     " and response = '{\"approved\": true, \"received_at\": \"2025-01-01T09:05:00.500000Z\"}'"
     " and data = '{\"legacy\": {\"decided_by\": \"ann\"}}'"},
    {"request_id = 'r3'",
     "status = 'resolved' and resolved_at = '2025-01-01 09:07Z' and expires_at is null"
     " and response = '{\"approved\": false, \"received_at\": \"2025-01-01T09:07:00.000000Z\"}'"
     " and message = E'Zur Kasse? \\u20ac \"\\\\ \\n end'"
     " and data = '{\"legacy_id\": \"conf-17\", \"legacy\": {\"priority\": 1, \"decided_by\": \"bob\", "
     "\"payload\": [1, 2]}}'"},
    {"request_id = 'r4'",
     "status = 'expired' and message is null and created_at = '2024-02-29 22:59:59.999999Z'"
     " and updated_at = created_at and expires_at = '2024-02-29 23:59:59Z'"
     " and data = '{\"legacy_id\": \"conf-18\", \"legacy\": {\"payload\": \"not { JSON\"}}'"},
    {"request_id = 'r5'",
     "status = 'cancelled' and user_id = 'legacy' and session_id = 'legacy' and expires_at is null"
     " and created_at = '2025-03-30 00:59:59Z' and updated_at = '2025-03-30 01:00Z'"
     " and data = '{\"legacy_id\": \"conf-19\", \"legacy\": {\"priority\": 0, \"payload\": {\"legacy_id\": "
     "\"taken\","
     " \"legacy\": 1}}}'"},
    {"request_id = 'r6'",
     "status = 'pending' and expires_at = '2020-01-01 00:00Z' and data = '{\"legacy_id\": \"conf-20\"}'"},
    {"request_id = 'r7'",
     "kind = 'clarification' and status = 'pending' and envelope_id = 'e7' and question = 'Which one?' and "
     "message is null"
     " and data = '{\"options\": [\"a\", \"b\"], \"legacy_id\": \"1\", \"legacy\": {\"channel\": \"web\"}}'"},
    {"request_id = 'r8'",
     "status = 'resolved' and resolved_at = '2025-07-01 08:01:02.000003Z' and data = '{\"legacy_id\": \"2\"}'"
     " and response = '{\"text\": \"a and b, \\\"quoted\\\"\", \"received_at\": "
     "\"2025-07-01T08:01:02.000003Z\"}'"},
    {"request_id = 'r9'",
     "status = 'resolved' and resolved_at = created_at and question = '' and response ->> 'text' = 'late'"
     " and data = '{\"legacy_id\": \"3\", \"legacy\": {\"channel\": \"mail\", \"context\": \"text\"}}'"},
    {"question = 'Anybody?'",
     "status = 'expired' and request_id = 'legacy' and user_id = 'legacy' and session_id = 'legacy'"
     " and data = '{\"legacy_id\": \"4\", \"legacy\": {\"context\": \"{\\\"a\\\\u0000b\\\": 1}\"}}'"},
    {"request_id = 'r11'", "status = 'cancelled' and response is null and resolved_at is null"
                           " and data = '{\"cancel_reason\": \"moved on\", \"legacy_id\": \"5\", \"legacy\": "
                           "{\"answer\": \"half an ans\","
                           " \"answered_on\": \"2025-01-01T00:20:00\"}}'"},
};

/* Upgrades, twice, and holds every row against what it must be. */
static void upgrade_and_check(struct pg_bench *pg) {
    for (int again = 0; again < 2; again++) {
        upgrade(pg);
        assert_int_equal(pg_ask(pg, "select count(*) from flow_interrupts"), ROWS);
    }
    for (size_t i = 0; i < sizeof carried / sizeof carried[0]; i++) {
        if (pg_ask(pg, "select count(*) from flow_interrupts where %s and %s", carried[i].was,
                   carried[i].is) != 1) {
            fail_msg("%s", carried[i].was);
        }
    }
    assert_int_equal(sizeof carried / sizeof carried[0], ROWS);
    assert_int_equal(pg_ask(pg, "select count(*) from flow_interrupt_events"), 0);
    assert_int_equal(pg_ask(pg, "select count(*) from pg_tables where tablename like 'pending\\_%%'"), 0);
}

static void every_row_is_carried_over(void **state) {
    (void)state;
    struct pg_bench pg;
    legacy_init(&pg);
    upgrade_and_check(&pg);
    /* The store reads them all, and the overdue one expires as any other. */
    static const char *const users[] = {"ann", "bob", "legacy"};
    size_t read = 0;
    for (size_t i = 0; i < sizeof users / sizeof users[0]; i++) {
        const struct hp_query query = {.user_id = users[i], .statuses = HP_STATUSES_ALL};
        struct hp_page page = {0};
        assert_int_equal(hp_service_list(pg.bench.service, &query, &page, NULL), HP_OK);
        read += page.count;
        hp_page_release(&page);
    }
    assert_int_equal(read, ROWS);
    struct hp_id_list ids = {0};
    assert_int_equal(hp_service_expire_pending(pg.bench.service, &ids, NULL), HP_OK);
    assert_int_equal(ids.count, 1);
    hp_id_list_release(&ids);
    pg_bench_release(&pg);
}

/* A column of theirs may bear any name, also one by which the upgrade might call the row. */
static void a_column_of_any_name_goes_to_the_data(void **state) {
    (void)state;
    struct pg_bench pg;
    legacy_init(&pg);
    pg_run(&pg, "alter table pending_confirmations add t text default 'tee', add old int default 7");
    upgrade(&pg);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where kind = 'confirmation'"
                                 " and data #>> '{legacy, t}' = 'tee' and data #>> '{legacy, old}' = '7'"),
                     pg_ask(&pg, "select count(*) from flow_interrupts where kind = 'confirmation'"));
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts"), ROWS);
    pg_bench_release(&pg);
}

static void *upgrade_in_thread(void *argument) {
    upgrade(argument);
    return NULL;
}

/* The server of before may still be at work: what it commits while the upgrade waits is not lost. */
static void a_row_that_comes_late_is_carried_over(void **state) {
    (void)state;
    struct pg_bench pg;
    pthread_t thread;
    legacy_init(&pg);
    pg_run(&pg, "begin; insert into pending_confirmations (confirmation_id, req_id, state, created)"
                " values ('late', 'late', 'waiting', now())");
    assert_int_equal(pthread_create(&thread, NULL, upgrade_in_thread, &pg), 0);
    pg_await_waiters(&pg, 1);
    pg_run(&pg, "commit");
    pthread_join(thread, NULL);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts"), ROWS + 1);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where request_id = 'late'"), 1);
    pg_bench_release(&pg);
}

/* Whatever the database is set to: the settings hold for the session of the upgrade, which comes after them. */
static void settings_change_nothing(void **state) {
    (void)state;
    static const char *const settings[] = {
        "timezone = 'Asia/Kathmandu'",       "datestyle = 'SQL, DMY'",
        "datestyle = 'Postgres, MDY'",       "intervalstyle = 'sql_standard'",
        "standard_conforming_strings = off", "search_path = 'nowhere'"};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        struct pg_bench pg;
        legacy_init(&pg);
        pg_run(&pg, "alter database postgres set %s", settings[i]);
        upgrade_and_check(&pg);
        pg_run(&pg, "alter database postgres reset all");
        pg_bench_release(&pg);
    }
}

/* What a schema is, a line for each object, names of schemas aside. */
#define CATALOG                                                                                              \
    "(select 'column ' || concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default,"   \
    "  is_identity) as line from information_schema.columns where table_schema = '%1$s'"                     \
    " union all select 'index ' || replace(indexdef, quote_ident(schemaname), '') from pg_indexes"           \
    "  where schemaname = '%1$s'"                                                                            \
    " union all select 'constraint ' || conname || pg_get_constraintdef(oid) from pg_constraint"             \
    "  where connamespace = quote_ident('%1$s')::regnamespace"                                               \
    " union all select 'trigger ' || replace(pg_get_triggerdef(t.oid), quote_ident('%1$s'), '')"             \
    "  from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal"                      \
    "  and c.relnamespace = quote_ident('%1$s')::regnamespace"                                               \
    " union all select 'function ' || proname || prosrc from pg_proc"                                        \
    "  where pronamespace = quote_ident('%1$s')::regnamespace"                                               \
    " union all select 'comment ' || c.relname || ' ' || d.objsubid || d.description from pg_description d"  \
    "  join pg_class c on c.oid = d.objoid where c.relnamespace = quote_ident('%1$s')::regnamespace) lines"

/* All objects in one number. */
static int64_t catalog_of(struct pg_bench *pg) {
    return pg_ask(pg, "select hashtextextended(string_agg(line, chr(10) order by line), 0) from " CATALOG,
                  pg->schema);
}

static void the_catalog_is_that_of_a_fresh_one(void **state) {
    (void)state;
    struct pg_bench fresh, upgraded;
    pg_bench_init(&fresh, NULL);
    legacy_init(&upgraded);
    upgrade(&upgraded);
    assert_true(catalog_of(&fresh) == catalog_of(&upgraded));
    static const char *const changes[] = {
        "drop index flow_interrupts_due", "drop trigger flow_interrupts_touch on flow_interrupts",
        "comment on column flow_interrupts.kind is 'odd'", "alter table flow_interrupts add column odd int",
        "alter table flow_interrupts drop constraint flow_interrupts_data"};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        pg_run(&upgraded, "begin; %s", changes[i]);
        assert_true(catalog_of(&fresh) != catalog_of(&upgraded));
        pg_run(&upgraded, "rollback");
    }
    pg_bench_release(&upgraded);
    pg_bench_release(&fresh);
}

/* Each legacy row beside the interrupt that it became: every field of both, as JSON, so that no text can be mistaken for
 * another; nothing is cut. */
static const char pairs_sql[] =
    "with old as (select 'pending_confirmations' as source, 1 as place, 'confirmation' as kind,"
    "  confirmation_id::text as old_id, row_to_json(t) as fields from before.pending_confirmations t"
    " union all select 'pending_clarifications', 2, 'clarification', id::text, row_to_json(t)"
    "  from before.pending_clarifications t),"
    " pairs as (select o.*, f.id as new_id, row_to_json(f) as new_fields,"
    "  row_number() over (order by o.place, o.old_id) as n"
    "  from old o left join flow_interrupts f on f.kind = o.kind"
    "  and case when f.data ? 'legacy_id' then f.data ->> 'legacy_id' = o.old_id"
    "   else f.id::text = lower(o.old_id) end),"
    " olds as (select n, e.i, rpad(e.key, 17) || e.value as cell from pairs,"
    "  json_each(fields) with ordinality e (key, value, i)),"
    " news as (select n, e.i, rpad(e.key, 13) || e.value as cell from pairs,"
    "  json_each(new_fields) with ordinality e (key, value, i)),"
    " widths as (select n, max(length(cell)) as width from olds group by n)"
    " select line from (select n, 0 as i, chr(10) || source || ' ' || to_json(old_id) || '  ->  '"
    "  || coalesce('flow_interrupts ' || to_json(new_id), 'LOST') as line from pairs"
    " union all select n, i, '  ' || rpad(coalesce(o.cell, ''), w.width) || '  |  ' || coalesce(w2.cell, '')"
    "  from olds o full join news w2 using (n, i) join widths w using (n)) lines order by n, i";

/* Appends the first column of what a query gives, a line for each row. */
static void add_lines(struct text *text, const char *schema, const char *sql) {
    char settings[128];
    PGconn *server = PQconnectdb(support_conninfo());
    snprintf(settings, sizeof settings, "set timezone = 'UTC'; set search_path = \"%s\"", schema);
    PQclear(PQexec(server, settings));
    PGresult *result = PQexec(server, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fail_msg("%s", PQerrorMessage(server));
    }
    for (int row = 0; row < PQntuples(result); row++) {
        text_addf(text, "%s\n", PQgetvalue(result, row, 0));
    }
    PQclear(result);
    PQfinish(server);
}

static void add_catalogs(struct text *text, struct pg_bench *fresh, struct pg_bench *upgraded) {
    static const char *const sorts[] = {"column", "index", "constraint", "trigger", "function", "comment"};
    text_addf(text, "\n%-11s %8s %8s\n", "catalog", "fresh", "upgraded");
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        static const char sql[] = "select count(*) from " CATALOG " where line like '%2$s %%'";
        int64_t count = pg_ask(fresh, sql, fresh->schema, sorts[i]);
        assert_true(count > 0);
        text_addf(text, "%-11s %8lld %8lld\n", sorts[i], (long long)count,
                  (long long)pg_ask(upgraded, sql, upgraded->schema, sorts[i]));
    }
    text_addf(text, "%lld objects compared by their definitions: %s\n",
              (long long)pg_ask(fresh, "select count(*) from " CATALOG, fresh->schema),
              catalog_of(fresh) == catalog_of(upgraded) ? "equal" : "DIFFERENT");
}

/* Writes the text into the file that HOLDPOINT_SHOW names, for who wants to read it. */
static void show(const char *text) {
    const char *path = getenv("HOLDPOINT_SHOW");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

/* The whole upgrade as a text; `make show-legacy` prints it. */
static void the_upgrade_can_be_read(void **state) {
    (void)state;
    struct pg_bench pg, fresh;
    struct text text = {0};
    pg_bench_init(&fresh, NULL);
    legacy_init(&pg);
    pg_run(&pg,
           "create schema before; create table before.pending_confirmations as table pending_confirmations;"
           " create table before.pending_clarifications as table pending_clarifications");
    long long confirmations = (long long)pg_ask(&pg, "select count(*) from pending_confirmations");
    long long clarifications = (long long)pg_ask(&pg, "select count(*) from pending_clarifications");
    upgrade(&pg);
    text_addf(
        &text,
        "before: pending_confirmations %lld rows, pending_clarifications %lld rows, times of Europe/Berlin\n"
        "after:  flow_interrupts %lld rows, legacy tables %lld\n",
        confirmations, clarifications, (long long)pg_ask(&pg, "select count(*) from flow_interrupts"),
        (long long)pg_ask(&pg,
                          "select count(*) from pg_tables where schemaname = '%s' and tablename like"
                          " 'pending\\_%%'",
                          pg.schema));
    add_lines(&text, pg.schema, pairs_sql);
    add_catalogs(&text, &fresh, &pg);
    static const char *const parts[] = {"before: pending_confirmations 6 rows, pending_clarifications 5 rows",
                                        "after:  flow_interrupts 11 rows, legacy tables 0\n",
                                        "\npending_confirmations \"conf-17\"  ->  flow_interrupts \"",
                                        "\npending_clarifications \"5\"  ->  flow_interrupts \"",
                                        "prompt           \"Zur Kasse? \xE2\x82\xAC \\\"\\\\ \\n end\"",
                                        "  |  message      \"Zur Kasse? \xE2\x82\xAC \\\"\\\\ \\n end\"\n",
                                        "  |  resolved_at  \"2025-07-01T08:01:02.000003+00:00\"\n",
                                        "definitions: equal\n"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!strstr(text.bytes, parts[i])) {
            fail_msg("no \"%s\" in:\n%s", parts[i], text.bytes);
        }
    }
    assert_null(strstr(text.bytes, "LOST"));
    show(text.bytes);
    pg_run(&pg, "drop schema before cascade");
    text_release(&text);
    pg_bench_release(&pg);
    pg_bench_release(&fresh);
}

static void a_row_that_cannot_go_is_named(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        const char *part;
    } rows[] = {
        {"update pending_confirmations set state = 'odd' where confirmation_id = 'conf-18'",
         "the row conf-18 of pending_confirmations cannot be carried over: its status is \"odd\""},
        {"update pending_confirmations set state = null where confirmation_id = 'conf-18'",
         "its status is missing"},
        {"update pending_clarifications set answer = '' where id = 3",
         "the row 3 of pending_clarifications cannot be carried over: it is answered, without an answer"},
        {"update pending_clarifications set asked_on = null where id = 3",
         "it is answered, at no time at all"},
        {"update pending_clarifications set asked_on = '0044-03-15 BC' where id = 5", "the row 5 of"},
        {"update pending_clarifications set asked_on = 'infinity' where id = 5",
         "outside the years 1 to 9999"},
        {"update pending_confirmations set confirmation_id = '0F8FAD5B-D9CB-469F-A165-70867728950E'"
         " where confirmation_id = 'conf-18'",
         "duplicate key"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pg_bench pg;
        struct hp_problem problem = {0};
        legacy_init(&pg);
        pg_run(&pg, "%s", rows[i].sql);
        assert_refused(hp_postgres_migrate(support_conninfo(), &pg.options, &problem), &problem, HP_INTERNAL,
                       "");
        if (!strstr(problem.detail, rows[i].part)) {
            fail_msg("%s", problem.detail);
        }
        assert_int_equal(pg_ask(&pg, "select (select count(*) from pending_confirmations)"
                                     " + (select count(*) from pending_clarifications)"),
                         ROWS);
        assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts"), 0);
        pg_bench_release(&pg);
    }
}

static void the_zone_must_be_named(void **state) {
    (void)state;
    static const struct {
        const char *zone;
        const char *part;
    } rows[] = {{NULL, "no zone was named (option legacy_zone)"},
                {"Nowhere/Else", "there is no time zone"},
                {"Foo+3", "there is no time zone"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pg_bench pg;
        struct hp_problem problem = {0};
        legacy_init(&pg);
        pg.options.legacy_zone = rows[i].zone;
        assert_refused(hp_postgres_migrate(support_conninfo(), &pg.options, &problem), &problem, HP_INTERNAL,
                       "");
        if (!strstr(problem.detail, rows[i].part)) {
            fail_msg("%s", problem.detail);
        }
        pg_bench_release(&pg);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_is_carried_over),
                                       cmocka_unit_test(a_column_of_any_name_goes_to_the_data),
                                       cmocka_unit_test(a_row_that_comes_late_is_carried_over),
                                       cmocka_unit_test(settings_change_nothing),
                                       cmocka_unit_test(the_catalog_is_that_of_a_fresh_one),
                                       cmocka_unit_test(the_upgrade_can_be_read),
                                       cmocka_unit_test(a_row_that_cannot_go_is_named),
                                       cmocka_unit_test(the_zone_must_be_named)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
