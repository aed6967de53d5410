#include "harness/drift/database/in_force.h"

#include <string.h>

/* Triggers that only a replica fires are off for everybody else. A foreign key's own bear the name of the key. Each
 * partition fires its own copy. */
static const char disabled_sql[] =
    "select distinct case when t.tgisinternal and k.contype = 'f' then 'foreign key' else 'trigger' end,"
    " coalesce(k.conname, t.tgname), t.tgrelid::pg_catalog.regclass::text"
    " from pg_catalog.pg_trigger t left join pg_catalog.pg_constraint k on k.oid = t.tgconstraint"
    " where (t.tgrelid = $1::pg_catalog.oid or t.tgrelid in"
    " (select p.relid from pg_catalog.pg_partition_tree($1::pg_catalog.oid::pg_catalog.regclass) p))"
    " and t.tgenabled in ('D', 'R')"
    " union all"
    " select 'rule', r.rulename, r.ev_class::pg_catalog.regclass::text from pg_catalog.pg_rewrite r"
    " where r.ev_class = $1::pg_catalog.oid and r.ev_enabled in ('D', 'R') order by 1, 2, 3";

/* A trigger without its name is a foreign key's: all of them. */
static void add_enabling(struct text *mend, const char *table, const char *sort, const char *name) {
    text_addf(mend, "%salter table %s enable ", mend->length_bytes > 0 ? " " : "", table);
    if (strcmp(sort, "foreign key") == 0) {
        text_add(mend, "trigger all;");
        return;
    }
    text_addf(mend, "%s ", sort);
    catalog_add_name(mend, name);
    text_add(mend, ";");
}

void in_force_inspect_triggers(struct inspection *inspection, const struct relation *relation) {
    struct catalog_answer answer = {0};
    if (!inspection_read(inspection, disabled_sql, relation->oid, &answer)) {
        return;
    }
    struct text object = {0}, mend = {0}, what = {0};
    for (size_t i = 0; i < answer.row_count; i++) {
        const char *sort = catalog_value(&answer, i, 0), *name = catalog_value(&answer, i, 1);
        text_addf(&what, "%s%s %s", i > 0 ? ", " : "Disabled: ", sort, name);
        add_enabling(&mend, catalog_value(&answer, i, 2), sort, name);
    }
    if (answer.row_count == 1) {
        text_addf(&object, "%s %s on ", catalog_value(&answer, 0, 0), catalog_value(&answer, 0, 1));
    }
    if (answer.row_count > 0) {
        text_add(&object, relation->label);
        text_add(&what, ".");
        inspection->disabled = inspection_find(inspection, CHECK_TRIGGER_DISABLED, &object, &mend, &what);
    }
    catalog_answer_release(&answer);
    drift_examined(inspection->report, check_of(CHECK_TRIGGER_DISABLED));
}

/* The constraints that rows may break, with the columns that each is about. */
static const char not_valid_sql[] =
    "select c.conname, null, pg_catalog.quote_ident(c.conname),"
    " coalesce((select pg_catalog.string_agg(a.attname, ' ') from pg_catalog.pg_attribute a"
    " where a.attrelid = c.conrelid and a.attnum = any (c.conkey)), '')"
    " from pg_catalog.pg_constraint c where c.conrelid = $1::pg_catalog.oid and not c.convalidated"
    " union all"
    " select c.conname, pg_catalog.format_type(c.contypid, null), pg_catalog.quote_ident(c.conname),"
    " a.attname from pg_catalog.pg_attribute a"
    " join pg_catalog.pg_constraint c on c.contypid = a.atttypid"
    " where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped and not c.convalidated"
    " order by 1";

/* True when the word is among those that blanks part. */
static bool names(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length) {
        bool begins = at == list || at[-1] == ' ';
        if (begins && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* The check of stored rows that found what the constraint lets lie; CHECK_COUNT: none. */
static enum database_check lying_rows(const struct inspection *inspection, const char *columns) {
    static const struct {
        const char *column;
        enum database_check check;
    } rows[] = {
        {"kind", CHECK_ROW_KIND},
        {"status", CHECK_ROW_STATUS},
        {"response", CHECK_ROW_INCONSISTENT},
        {"resolved_at", CHECK_ROW_INCONSISTENT},
        {"data", CHECK_ROW_INCONSISTENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (names(columns, rows[i].column) &&
            drift_state_of(inspection->report, check_of(rows[i].check)) == DRIFT_FOUND) {
            return rows[i].check;
        }
    }
    return CHECK_COUNT;
}

static void find_not_valid(struct inspection *inspection, const struct relation *relation,
                           const struct catalog_answer *answer, size_t row) {
    const char *name = catalog_value(answer, row, 0), *domain = catalog_value(answer, row, 1);
    struct text object = {0}, mend = {0}, what = {0};
    text_addf(&object, "constraint %s on %s", name, domain ? domain : relation->label);
    text_addf(&mend, "alter %s %s validate constraint %s;", domain ? "domain" : "table",
              domain ? domain : relation->sql, catalog_value(answer, row, 2));
    text_addf(&what, "The constraint %s is NOT VALID: rows from before may break it.", name);
    inspection_find(inspection, CHECK_CONSTRAINT_NOT_VALID, &object, &mend, &what);
}

void in_force_inspect_constraints(struct inspection *inspection, const struct relation *relation) {
    struct catalog_answer answer = {0};
    if (!inspection_read(inspection, not_valid_sql, relation->oid, &answer)) {
        return;
    }
    for (size_t i = 0; i < answer.row_count; i++) {
        enum database_check first = lying_rows(inspection, catalog_value(&answer, i, 3));
        if (first == CHECK_COUNT) {
            find_not_valid(inspection, relation, &answer, i);
        } else {
            drift_skipped(inspection->report, check_of(CHECK_CONSTRAINT_NOT_VALID),
                          "%s at %s comes first: mend these rows, then validate the constraint %s",
                          check_of(first)->id, relation->label, catalog_value(&answer, i, 0));
        }
    }
    catalog_answer_release(&answer);
    drift_examined(inspection->report, check_of(CHECK_CONSTRAINT_NOT_VALID));
}
