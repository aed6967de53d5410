#include "harness/drift/database/columns.h"
#include "harness/drift/database/comments.h"
#include "harness/drift/database/in_force.h"
#include "harness/drift/database/indexes.h"
#include "harness/drift/database/probe_columns.h"
#include "harness/drift/database/probe_consistency.h"
#include "harness/drift/database/probe_transitions.h"
#include "harness/drift/database/probe_words.h"
#include "harness/drift/database/stored_rows.h"

#include <stdlib.h>
#include <string.h>

enum { OLDEST_VERSION = 120000 };

/* What only a row that goes in or does not can tell. */
static const enum database_check probed[] = {
    CHECK_KIND_MISSING,        CHECK_KIND_EXTRA,       CHECK_STATUS_MISSING,  CHECK_STATUS_EXTRA,
    CHECK_RESOLVED_INCOMPLETE, CHECK_OPEN_WITH_ANSWER, CHECK_DATA_NOT_OBJECT, CHECK_TRANSITION_OPEN,
    CHECK_TRANSITION_CLOSED,   CHECK_UPDATED_AT,
};
enum { PROBED_COUNT = sizeof probed / sizeof probed[0] };

/* Nothing may depend on how the database, the user or the environment of libpq set these; the odd zone shows what does.
 * Policies that would hide rows are an error instead. The time for a lock ends before that for a statement, so that the
 * right one is named. */
static const char settings_sql[] =
    "set local search_path = ''; set local lock_timeout = '900ms'; set local statement_timeout = '10s';"
    " set local timezone = 'ODD-07:45'; set local datestyle = 'ISO, YMD'; set local intervalstyle = "
    "'postgres';"
    " set local standard_conforming_strings = on; set local row_security = off;"
    " set local transform_null_equals = off; set local quote_all_identifiers = off;"
    " set local client_min_messages = error; set local idle_in_transaction_session_timeout = 0;"
    " set constraints all immediate";

static bool must_run(struct inspection *inspection, const char *sql) {
    struct catalog_answer answer = {0};
    bool done = catalog_run(inspection->catalog, sql, &answer) == CATALOG_DONE;
    if (!done) {
        inspection->status = catalog_complain(&answer, inspection->problem);
    }
    catalog_answer_release(&answer);
    return done;
}

/* A server that only reads (a standby) takes no other transaction; its probes then are undecided. */
static bool begin(struct inspection *inspection) {
    struct catalog_answer answer = {0};
    bool writes = !inspection->read_only &&
                  catalog_run(inspection->catalog, "begin isolation level read committed read write",
                              &answer) == CATALOG_DONE;
    catalog_answer_release(&answer);
    return (writes || must_run(inspection, "rollback; begin isolation level read committed read only")) &&
           must_run(inspection, settings_sql);
}

static void find_missing(struct inspection *inspection, const char *schema) {
    static const char sql[] =
        "select n.nspname, case c.relkind when 'v' then 'a view' when 'm' then 'a materialized view'"
        " when 'f' then 'a foreign table' else 'no table' end"
        " from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
        " where c.relname = $1 and c.relkind not in ('r', 'p') order by 1";
    const char *table = inspection->vocabulary->table;
    struct catalog_answer answer = {0};
    struct text object = {0}, mend = {0}, what = {0};
    inspection_read(inspection, sql, table, &answer);
    text_addf(&object, "%s%s%s", schema ? schema : "", schema ? "." : "", table);
    text_addf(&what, "There is no table %s", table);
    if (schema) {
        text_addf(&what, " in the schema %s", schema);
    }
    for (size_t i = 0; i < answer.row_count; i++) {
        if (!schema || strcmp(schema, catalog_value(&answer, i, 0)) == 0) {
            text_addf(&what, "; %s.%s is %s", catalog_value(&answer, i, 0), table,
                      catalog_value(&answer, i, 1));
        }
    }
    text_add(&what, ".");
    inspection_find(inspection, CHECK_TABLE_MISSING, &object, &mend, &what);
    catalog_answer_release(&answer);
}

static void find_legacy(struct inspection *inspection, const char *schema, const char *name) {
    struct text object = {0}, mend = {0}, what = {0};
    text_addf(&object, "%s.%s", schema, name);
    text_addf(&what, "The legacy table %s is still there.", name);
    text_add(&mend, "Carry its rows over as interrupts, then: drop table ");
    catalog_add_name(&mend, schema);
    text_add_byte(&mend, '.');
    catalog_add_name(&mend, name);
    text_add(&mend, ";");
    inspection_find(inspection, CHECK_LEGACY_TABLE, &object, &mend, &what);
}

static void inspect_legacy(struct inspection *inspection, const char *schema) {
    static const char sql[] = "select n.nspname, c.relname from pg_catalog.pg_class c"
                              " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                              " where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname !~ '^pg_' and "
                              "n.nspname <> 'information_schema'"
                              " and n.nspname = coalesce($1, n.nspname) order by 1, 2";
    struct catalog_answer answer = {0};
    if (inspection_read(inspection, sql, schema, &answer)) {
        for (size_t i = 0; i < answer.row_count; i++) {
            if (words_hold(&inspection->vocabulary->legacy_tables, catalog_value(&answer, i, 1))) {
                find_legacy(inspection, catalog_value(&answer, i, 0), catalog_value(&answer, i, 1));
            }
        }
        drift_examined(inspection->report, check_of(CHECK_LEGACY_TABLE));
    }
    catalog_answer_release(&answer);
}

/* Somebody who alters the table meanwhile would tear the picture apart. Who may not read waits for nobody. */
static bool hold_table(struct inspection *inspection, const struct relation *relation) {
    struct text sql = {0};
    struct catalog_answer answer = {0};
    text_addf(&sql, "savepoint holding; lock table %s in access share mode; release savepoint holding",
              relation->sql);
    inspection->report->failed = inspection->report->failed || sql.failed;
    bool held = !sql.failed && catalog_run(inspection->catalog, sql.bytes, &answer) == CATALOG_DONE;
    bool forbidden = !sql.failed && strcmp(answer.state, "42501") == 0;
    if (!sql.failed && !held && !forbidden) {
        enum hp_status status = strcmp(answer.state, "55P03") == 0 ? HP_UNAVAILABLE : HP_INTERNAL;
        inspection->status =
            answer.end == CATALOG_LOST
                ? catalog_complain(&answer, inspection->problem)
                : hp_problem_set(inspection->problem, status, NULL,
                                 "PostgreSQL: %s: %.400s; somebody else may hold the table, try again",
                                 relation->label, answer.message);
    }
    text_release(&sql);
    catalog_answer_release(&answer);
    return held ||
           (forbidden && must_run(inspection, "rollback to savepoint holding; release savepoint holding"));
}

static void inspect_unprobed(struct inspection *inspection, const struct relation *relation,
                             const char *why) {
    for (size_t i = 0; i < PROBED_COUNT; i++) {
        drift_waived(inspection->report, check_of(probed[i]), "%s", why);
    }
    comments_inspect(inspection, relation, NULL);
}

/* Where not even a plain row goes in, no refusal says anything. */
static void give_up(struct inspection *inspection, const struct probe_outcome *outcome) {
    static const enum database_check others[] = {CHECK_COLUMN_NULLABLE, CHECK_COLUMN_DEFAULT,
                                                 CHECK_COMMENT_VALUES};
    for (size_t i = 0; i < PROBED_COUNT; i++) {
        inspection_unknown(inspection, probed[i], outcome);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        inspection_unknown(inspection, others[i], outcome);
    }
}

static void probe_table(struct inspection *inspection, const struct relation *relation) {
    struct candidates candidates = {0};
    struct probe probe = {.inspection = inspection, .relation = relation, .candidates = &candidates};
    candidates_gather(inspection, relation, &candidates);
    inspection_limit(inspection, "1s");
    struct probe_outcome outcome = probe_begin(&probe);
    if (outcome.end == PROBE_YES) {
        probe_words(&probe);
        probe_columns(&probe);
        probe_consistency(&probe);
        probe_transitions(&probe);
        comments_inspect(inspection, relation, &probe);
    } else {
        give_up(inspection, &outcome);
    }
    candidates_release(&candidates);
}

static void inspect_held(struct inspection *inspection, struct relation *relation) {
    columns_inspect(inspection, relation);
    in_force_inspect_triggers(inspection, relation);
    indexes_inspect(inspection, relation);
    if (inspection->read_only) {
        columns_inspect_unprobed(inspection, relation);
        inspect_unprobed(inspection, relation, "not probed (read only)");
    } else {
        probe_table(inspection, relation);
    }
    stored_rows_inspect(inspection, relation);
    in_force_inspect_constraints(inspection, relation);
}

static void inspect_table(struct inspection *inspection, const struct catalog_answer *tables, size_t row) {
    struct relation relation = {.oid = catalog_value(tables, row, 0),
                                .schema = catalog_value(tables, row, 1),
                                .name = inspection->vocabulary->table,
                                .comment = catalog_value(tables, row, 2)};
    inspection->schema = relation.schema;
    inspection->blame = 0;
    inspection->disabled = 0;
    if (relation_name(inspection, &relation) && hold_table(inspection, &relation)) {
        inspection->label = relation.label;
        if (relation_read(inspection, &relation)) {
            inspect_held(inspection, &relation);
        }
    }
    inspection->label = NULL;
    relation_release(&relation);
    if (inspection->widened && inspection->status == HP_OK) {
        inspection->widened = false;
        must_run(inspection, "set local search_path = ''");
    }
    if (inspection->status == HP_OK) {
        inspection_limit(inspection, "10s");
    }
}

/* A partition is looked at as a part of its table. */
static void inspect_tables(struct inspection *inspection, const char *schema) {
    static const char sql[] =
        "select c.oid, n.nspname, pg_catalog.obj_description(c.oid, 'pg_class')"
        " from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
        " where c.relname = $1 and c.relkind in ('r', 'p') and not c.relispartition"
        " and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 2";
    struct catalog_answer answer = {0};
    size_t tables = 0;
    if (inspection_read(inspection, sql, inspection->vocabulary->table, &answer)) {
        for (size_t i = 0; i < answer.row_count; i++) {
            if (inspection->status == HP_OK &&
                (!schema || strcmp(schema, catalog_value(&answer, i, 1)) == 0)) {
                inspect_table(inspection, &answer, i);
                tables++;
            }
        }
    }
    catalog_answer_release(&answer);
    if (inspection->status == HP_OK && tables == 0) {
        find_missing(inspection, schema);
        for (size_t i = 0; i < CHECK_COUNT; i++) {
            bool other = i != CHECK_TABLE_MISSING && i != CHECK_LEGACY_TABLE;
            if (other) {
                drift_skipped(inspection->report, check_of((enum database_check)i),
                              "table-missing comes first");
            }
        }
    }
    drift_examined(inspection->report, check_of(CHECK_TABLE_MISSING));
}

static void name_subject(const struct inspection *inspection, const char *schema) {
    struct text subject = {0};
    text_addf(&subject, "the database %s%s%s", catalog_database(inspection->catalog),
              schema ? ", schema " : "", schema ? schema : "");
    inspection->report->subject = text_take(&subject);
    inspection->report->failed = inspection->report->failed || !inspection->report->subject;
}

static void inspect_database(struct inspection *inspection, const char *schema) {
    struct catalog_answer answer = {0};
    name_subject(inspection, schema);
    if (catalog_version(inspection->catalog) < OLDEST_VERSION) {
        inspection->status =
            hp_problem_set(inspection->problem, HP_INTERNAL, NULL,
                           "PostgreSQL: the server is of version %d; PostgreSQL 12 or later is needed",
                           catalog_version(inspection->catalog) / 10000);
        return;
    }
    if (begin(inspection)) {
        inspect_tables(inspection, schema);
        inspect_legacy(inspection, schema);
    }
    catalog_run(inspection->catalog, "rollback", &answer);
    catalog_answer_release(&answer);
}

enum hp_status database_drift(const struct database_drift *options, const struct vocabulary *vocabulary,
                              struct drift_report *report, struct hp_problem *problem) {
    struct hp_problem unheard = {0};
    struct inspection inspection = {.vocabulary = vocabulary,
                                    .report = report,
                                    .problem = problem ? problem : &unheard,
                                    .read_only = options->read_only};
    drift_report_init(report, database_checks, database_check_count);
    inspection.status = catalog_open(options->conninfo, &inspection.catalog, problem);
    if (inspection.status == HP_OK) {
        inspect_database(&inspection, options->schema);
        catalog_close(inspection.catalog);
    }
    if (inspection.status == HP_OK && report->failed) {
        inspection.status = hp_problem_no_memory(problem);
    }
    return inspection.status;
}
