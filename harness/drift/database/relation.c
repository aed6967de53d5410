#include "harness/drift/database/relation.h"

#include <stdlib.h>
#include <string.h>

/* A column's type is followed down its domains, which may add NOT NULL, a default and a limit. */
static const char columns_sql[] =
    "with recursive base (number, type, modifier, obliged, fallback) as ("
    " select a.attnum, a.atttypid, a.atttypmod, a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid)"
    " from pg_catalog.pg_attribute a"
    " left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
    " where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped"
    " union all"
    " select b.number, t.typbasetype, t.typtypmod, b.obliged or t.typnotnull,"
    " coalesce(b.fallback, pg_catalog.pg_get_expr(t.typdefaultbin, 0))"
    " from base b join pg_catalog.pg_type t on t.oid = b.type where t.typtype = 'd')"
    " select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),"
    " case when n.nspname = 'pg_catalog' then t.typname::text else '' end, t.typtype, t.typcategory,"
    " case when b.modifier < 0 then -1 when t.typname in ('varchar', 'bpchar') then b.modifier - 4"
    " when t.typname in ('timestamptz', 'timestamp') then b.modifier else -1 end,"
    " b.obliged, b.fallback, a.attgenerated <> '',"
    " a.attidentity <> '' or coalesce(b.fallback like '%nextval(%', false),"
    " (select e.enumlabel from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit "
    "1),"
    " pg_catalog.col_description(a.attrelid, a.attnum),"
    " (select pg_catalog.format('(select parent.%I from %I.%I parent limit 1)', k.attname, s.nspname, "
    "p.relname)"
    " from pg_catalog.pg_constraint f join pg_catalog.pg_class p on p.oid = f.confrelid"
    " join pg_catalog.pg_namespace s on s.oid = p.relnamespace"
    " join pg_catalog.pg_attribute k on k.attrelid = f.confrelid"
    " and k.attnum = f.confkey[pg_catalog.array_position(f.conkey, a.attnum)]"
    " where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any (f.conkey)"
    " order by f.conname limit 1)"
    " from base b join pg_catalog.pg_type t on t.oid = b.type and t.typtype <> 'd'"
    " join pg_catalog.pg_namespace n on n.oid = t.typnamespace"
    " join pg_catalog.pg_attribute a on a.attrelid = $1::pg_catalog.oid and a.attnum = b.number"
    " order by b.number";

static void read_column(const struct catalog_answer *answer, size_t row, struct relation_column *column) {
    *column = (struct relation_column){
        .name = catalog_value(answer, row, 0),
        .type = catalog_value(answer, row, 1),
        .base = catalog_value(answer, row, 2),
        .sort = catalog_value(answer, row, 3)[0],
        .category = catalog_value(answer, row, 4)[0],
        .limit = strtoll(catalog_value(answer, row, 5), NULL, 10),
        .obliged = catalog_true(answer, row, 6),
        .fallback = catalog_value(answer, row, 7),
        .generated = catalog_true(answer, row, 8),
        .drawn = catalog_true(answer, row, 9),
        .first_label = catalog_value(answer, row, 10),
        .comment = catalog_value(answer, row, 11),
        .parent_sql = catalog_value(answer, row, 12),
    };
}

bool relation_name(struct inspection *inspection, struct relation *relation) {
    struct text label = {0}, sql = {0};
    text_addf(&label, "%s.%s", relation->schema, relation->name);
    catalog_add_name(&sql, relation->schema);
    text_add_byte(&sql, '.');
    catalog_add_name(&sql, relation->name);
    relation->label = text_take(&label);
    relation->sql = text_take(&sql);
    inspection->report->failed = inspection->report->failed || !relation->label || !relation->sql;
    return relation->label && relation->sql;
}

bool relation_read(struct inspection *inspection, struct relation *relation) {
    if (!inspection_read(inspection, columns_sql, relation->oid, &relation->source)) {
        return false;
    }
    size_t count = relation->source.row_count;
    relation->columns = calloc(count + 1, sizeof *relation->columns);
    relation->flaws = calloc(inspection->vocabulary->column_count + 1, sizeof *relation->flaws);
    if (!relation->columns || !relation->flaws) {
        inspection->report->failed = true;
        return false;
    }
    relation->column_count = count;
    for (size_t i = 0; i < count; i++) {
        read_column(&relation->source, i, &relation->columns[i]);
    }
    return true;
}

void relation_release(struct relation *relation) {
    catalog_answer_release(&relation->source);
    free(relation->flaws);
    free(relation->columns);
    free(relation->sql);
    free(relation->label);
    *relation = (struct relation){0};
}

const struct relation_column *relation_find(const struct relation *relation, const char *name) {
    for (size_t i = 0; i < relation->column_count; i++) {
        if (strcmp(relation->columns[i].name, name) == 0) {
            return &relation->columns[i];
        }
    }
    return NULL;
}

size_t relation_flaw(const struct inspection *inspection, const struct relation *relation,
                     const char *column) {
    const struct vocabulary *vocabulary = inspection->vocabulary;
    for (size_t i = 0; i < vocabulary->column_count; i++) {
        if (strcmp(vocabulary->columns[i].name, column) == 0) {
            return relation->flaws[i];
        }
    }
    return 0;
}

bool relation_spares(struct inspection *inspection, const struct relation *relation,
                     enum database_check check, const char *const *columns, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t flaw = relation_flaw(inspection, relation, columns[i]);
        if (flaw > 0) {
            inspection_spare(inspection, check, flaw);
            return true;
        }
    }
    return false;
}

void relation_add_label(const struct relation *relation, const char *column, struct text *text) {
    text_addf(text, "%s.%s", relation->label, column);
}

void relation_add_alter(const struct relation *relation, const char *column, struct text *sql) {
    text_addf(sql, "alter table %s alter column ", relation->sql);
    catalog_add_name(sql, column);
    text_add_byte(sql, ' ');
}

bool column_takes_words(const struct relation_column *column) {
    return column->category == 'S' || column->sort == 'e';
}
