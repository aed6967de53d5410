#include "harness/drift/migrations/snapshot.h"

#include <stdlib.h>
#include <string.h>

enum { TOLD_MAX = 3 };

/* The same words for the same thing, whatever the database was set to. */
static const char settings_sql[] =
    "set search_path = ''; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';"
    " set bytea_output = 'hex'; set extra_float_digits = 1; set xmlbinary = 'base64'; set row_security = off;"
    " set enable_indexscan = on; set default_transaction_read_only = off; reset role";

/* A select for each table that counts and sums up its rows. $1: since when instants are recent. */
static const char tables_sql[] =
    "select c.oid, n.nspname, c.relname, format("
    "'select count(*), coalesce(sum((''x'' || substr(md5(row(%s)::text), 1, 15))::bit(60)::bigint), 0)"
    " from %s %I.%I t',"
    " (select string_agg(case"
    "   when a.atttypid = 'timestamptz'::regtype then format('case when t.%1$I >= %2$L::timestamptz"
    "     then ''recent'' else t.%1$I::text end', a.attname, $1::text)"
    "   when a.atttypid in ('timestamp'::regtype, 'date'::regtype) then format('case when t.%1$I >="
    "     (%2$L::timestamptz - interval ''1 day'')::%3$s then ''recent'' else t.%1$I::text end', a.attname, "
    "$1::text,"
    "     format_type(a.atttypid, null))"
    "   else format('t.%I', a.attname) end, ', ' order by a.attnum)"
    "  from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),"
    " case c.relkind when 'p' then '' else 'only' end, n.nspname, c.relname)"
    " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'"
    "  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"
    "  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid"
    "   and d.deptype = 'e')"
    " order by n.nspname collate \"C\", c.relname collate \"C\"";

/* Everything that has a definition. What PostgreSQL made for itself has an oid below 16384. */
static const char objects_sql[] =
    "with s as (select oid, nspname, nspacl from pg_namespace where nspname !~ '^pg_' and nspname <> "
    "'information_schema'),"
    " r as (select c.*, s.nspname from pg_class c join s on s.oid = c.relnamespace where c.relpersistence <> "
    "'t'),"
    " o(rank, name, definition) as ("
    " select 0, 'schema ' || nspname, coalesce(nspacl::text, '') from s"
    " union all select 1, 'extension ' || extname, extversion from pg_extension"
    " union all select case when relkind in ('r', 'p') then 2 else 3 end,"
    "  case relkind when 'r' then 'table ' when 'p' then 'table ' when 'v' then 'view ' when 'm' then 'view '"
    "   when 'S' then 'sequence ' when 'f' then 'foreign table ' else 'type ' end || nspname || '.' || "
    "relname,"
    "  concat_ws('|', relkind, relpersistence, relacl::text, reloptions::text, relrowsecurity::text,"
    "   case when relkind in ('v', 'm') then pg_get_viewdef(oid) end, pg_get_expr(relpartbound, oid))"
    "  from r where relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')"
    " union all select 4, 'column ' || r.nspname || '.' || r.relname || '.' || a.attname,"
    "  concat_ws('|', format_type(a.atttypid, a.atttypmod), a.attnotnull::text, a.attidentity, "
    "a.attgenerated,"
    "   a.attcollation::text, pg_get_expr(d.adbin, d.adrelid), a.attacl::text)"
    "  from r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped"
    "  left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum where r.relkind in ('r', 'p', 'f', "
    "'c')"
    " union all select 5, 'constraint ' || c.conname || ' on ' || s.nspname || '.' ||"
    "   coalesce(t.relname, y.typname, ''), concat_ws('|', pg_get_constraintdef(c.oid), c.convalidated::text,"
    "   c.condeferrable::text, c.condeferred::text)"
    "  from pg_constraint c join s on s.oid = c.connamespace left join pg_class t on t.oid = c.conrelid"
    "  left join pg_type y on y.oid = c.contypid where coalesce(t.relpersistence, 'p') <> 't'"
    " union all select 6, 'index ' || r.nspname || '.' || r.relname, pg_get_indexdef(r.oid) || "
    "i.indisvalid::text"
    "  from r join pg_index i on i.indexrelid = r.oid"
    " union all select 7, 'trigger ' || t.tgname || ' on ' || r.nspname || '.' || r.relname,"
    "  pg_get_triggerdef(t.oid) || t.tgenabled::text from pg_trigger t join r on r.oid = t.tgrelid where not "
    "t.tgisinternal"
    " union all select 8, 'rule ' || w.rulename || ' on ' || r.nspname || '.' || r.relname, "
    "pg_get_ruledef(w.oid)"
    "  from pg_rewrite w join r on r.oid = w.ev_class where w.rulename <> '_RETURN'"
    " union all select 9, 'policy ' || p.polname || ' on ' || r.nspname || '.' || r.relname,"
    "  concat_ws('|', p.polcmd, p.polpermissive::text, p.polroles::text, pg_get_expr(p.polqual, p.polrelid),"
    "   pg_get_expr(p.polwithcheck, p.polrelid)) from pg_policy p join r on r.oid = p.polrelid"
    " union all select 10, 'function ' || s.nspname || '.' || p.proname || '(' ||"
    "   pg_get_function_identity_arguments(p.oid) || ')',"
    "  case when p.prokind = 'a' then p.proname else pg_get_functiondef(p.oid) end || "
    "coalesce(p.proacl::text, '')"
    "  from pg_proc p join s on s.oid = p.pronamespace"
    " union all select 11, 'type ' || s.nspname || '.' || t.typname, concat_ws('|', t.typtype,"
    "  case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) || t.typnotnull::text end,"
    "  t.typdefault, (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where "
    "e.enumtypid "
    "= t.oid))"
    "  from pg_type t join s on s.oid = t.typnamespace where t.typtype in ('e', 'd', 'r')"
    " union all select 12, 'sequence ' || schemaname || '.' || sequencename, concat_ws('|', data_type::text, "
    "start_value, min_value, max_value, increment_by, cycle::text) from pg_sequences where schemaname !~ "
    "'^pg_'"
    " union all select 13, 'comment on ' || pg_describe_object(classoid, objoid, objsubid), description"
    "  from pg_description where objoid >= 16384"
    " union all select 14, 'event trigger ' || evtname, concat_ws('|', evtevent, evtenabled, evttags::text)"
    "  from pg_event_trigger"
    " union all select 15, 'setting of the database', setconfig::text from pg_db_role_setting"
    "  where setdatabase = (select oid from pg_database where datname = current_database()))"
    " select rank, name, md5(string_agg(coalesce(definition, ''), '|' order by definition)) from o"
    " group by rank, name order by rank, name collate \"C\"";

static bool take_table(const struct catalog_answer *answer, size_t row, struct snapshot_table *table) {
    table->oid = text_copy(catalog_value(answer, row, 0));
    table->schema = text_copy(catalog_value(answer, row, 1));
    table->name = text_copy(catalog_value(answer, row, 2));
    return table->oid && table->schema && table->name;
}

static enum hp_status count_rows(struct catalog *catalog, const char *sql, struct snapshot_table *table,
                                 struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    enum hp_status status = HP_OK;
    if (catalog_run(catalog, sql, &answer) != CATALOG_DONE) {
        status = catalog_complain(&answer, problem);
    } else {
        table->rows = strtoul(catalog_value(&answer, 0, 0), NULL, 10);
        table->sum = text_copy(catalog_value(&answer, 0, 1));
        status = table->sum ? HP_OK : hp_problem_no_memory(problem);
    }
    catalog_answer_release(&answer);
    return status;
}

static enum hp_status take_tables(struct catalog *catalog, const char *since, struct snapshot *snapshot,
                                  struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    if (catalog_ask(catalog, tables_sql, &since, 1, &answer) != CATALOG_DONE) {
        enum hp_status status = catalog_complain(&answer, problem);
        catalog_answer_release(&answer);
        return status;
    }
    snapshot->tables = calloc(answer.row_count + 1, sizeof *snapshot->tables);
    enum hp_status status = snapshot->tables ? HP_OK : hp_problem_no_memory(problem);
    for (size_t i = 0; status == HP_OK && i < answer.row_count; i++) {
        struct snapshot_table *table = &snapshot->tables[snapshot->table_count++];
        status = take_table(&answer, i, table)
                     ? count_rows(catalog, catalog_value(&answer, i, 3), table, problem)
                     : hp_problem_no_memory(problem);
    }
    catalog_answer_release(&answer);
    return status;
}

static enum hp_status take_objects(struct catalog *catalog, struct snapshot *snapshot,
                                   struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    if (catalog_run(catalog, objects_sql, &answer) != CATALOG_DONE) {
        enum hp_status status = catalog_complain(&answer, problem);
        catalog_answer_release(&answer);
        return status;
    }
    snapshot->objects = calloc(answer.row_count + 1, sizeof *snapshot->objects);
    bool complete = snapshot->objects != NULL;
    for (size_t i = 0; complete && i < answer.row_count; i++) {
        struct snapshot_object *object = &snapshot->objects[snapshot->object_count++];
        object->rank = strtoul(catalog_value(&answer, i, 0), NULL, 10);
        object->name = text_copy(catalog_value(&answer, i, 1));
        object->digest = text_copy(catalog_value(&answer, i, 2));
        complete = object->name && object->digest;
    }
    catalog_answer_release(&answer);
    return complete ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status snapshot_take(struct catalog *catalog, const char *since, struct snapshot *snapshot,
                             struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    *snapshot = (struct snapshot){0};
    enum hp_status status = catalog_run(catalog, settings_sql, &answer) == CATALOG_DONE
                                ? HP_OK
                                : catalog_complain(&answer, problem);
    catalog_answer_release(&answer);
    if (status == HP_OK) {
        status = take_tables(catalog, since, snapshot, problem);
    }
    return status == HP_OK ? take_objects(catalog, snapshot, problem) : status;
}

void snapshot_release(struct snapshot *snapshot) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        free(snapshot->tables[i].oid);
        free(snapshot->tables[i].schema);
        free(snapshot->tables[i].name);
        free(snapshot->tables[i].sum);
    }
    for (size_t i = 0; i < snapshot->object_count; i++) {
        free(snapshot->objects[i].name);
        free(snapshot->objects[i].digest);
    }
    free(snapshot->tables);
    free(snapshot->objects);
    *snapshot = (struct snapshot){0};
}

const struct snapshot_table *snapshot_find(const struct snapshot *snapshot, const char *oid) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        if (strcmp(snapshot->tables[i].oid, oid) == 0) {
            return &snapshot->tables[i];
        }
    }
    return NULL;
}

const struct snapshot_table *snapshot_find_named(const struct snapshot *snapshot, const char *schema,
                                                 const char *name) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        if (strcmp(snapshot->tables[i].schema, schema) == 0 && strcmp(snapshot->tables[i].name, name) == 0) {
            return &snapshot->tables[i];
        }
    }
    return NULL;
}

/* Counts what is told; false when it is enough. */
static bool tell(struct text *text, size_t *told, const char *what, const char *how) {
    if (*told == TOLD_MAX) {
        text_add(text, ", and more");
    } else if (*told < TOLD_MAX) {
        text_addf(text, "%s%s %s", *told > 0 ? ", " : "", what, how);
    }
    (*told)++;
    return *told <= TOLD_MAX;
}

static int compare_objects(const struct snapshot_object *one, const struct snapshot_object *other) {
    if (one->rank != other->rank) {
        return one->rank < other->rank ? -1 : 1;
    }
    return strcmp(one->name, other->name);
}

static void tell_objects(const struct snapshot *before, const struct snapshot *after, struct text *text,
                         size_t *told) {
    size_t i = 0, j = 0;
    bool more = true;
    while (more && (i < before->object_count || j < after->object_count)) {
        const struct snapshot_object *one = i < before->object_count ? &before->objects[i] : NULL;
        const struct snapshot_object *other = j < after->object_count ? &after->objects[j] : NULL;
        int order = !one ? 1 : !other ? -1 : compare_objects(one, other);
        if (order < 0) {
            more = tell(text, told, one->name, "is gone");
        } else if (order > 0) {
            more = tell(text, told, other->name, "is new");
        } else if (strcmp(one->digest, other->digest) != 0) {
            more = tell(text, told, one->name, "is another");
        }
        i += order <= 0;
        j += order >= 0;
    }
}

static void tell_rows(const struct snapshot *before, const struct snapshot *after, struct text *text,
                      size_t *told) {
    bool more = true,
         same_columns = *told == 0; /* another column is other values too, which says nothing new */
    for (size_t i = 0; more && i < before->table_count; i++) {
        const struct snapshot_table *one = &before->tables[i];
        const struct snapshot_table *other = snapshot_find_named(after, one->schema, one->name);
        struct text how = {0};
        if (other && other->rows != one->rows) {
            text_addf(&how, "has %zu %s instead of %zu", other->rows, other->rows == 1 ? "row" : "rows",
                      one->rows);
        } else if (other && same_columns && strcmp(other->sum, one->sum) != 0) {
            text_add(&how, "has other values in its rows");
        }
        if (how.length_bytes > 0) {
            struct text name = {0};
            text_addf(&name, "%s.%s", one->schema, one->name);
            more = tell(text, told, name.bytes ? name.bytes : one->name, how.bytes);
            text->failed = text->failed || name.failed;
            text_release(&name);
        }
        text->failed = text->failed || how.failed;
        text_release(&how);
    }
}

bool snapshot_tell_difference(const struct snapshot *before, const struct snapshot *after,
                              struct text *text) {
    size_t told = 0;
    tell_objects(before, after, text, &told);
    tell_rows(before, after, text, &told);
    return told > 0;
}
