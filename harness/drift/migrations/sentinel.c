#include "harness/drift/migrations/sentinel.h"

#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 16, FILLINGS = 6, VALUE_SIZE = 64 };

/* What the catalog says of the columns: name, type without its domain, kind and category of that, limit of its length (0:
 * none), not null, has a default, fills itself in, labels or literals, whether a CHECK names it together with other
 * columns, and a select for a foreign key. $1 is the table. */
static const char columns_sql[] =
    "with recursive b(attnum, type, typmod, needed) as ("
    " select attnum, atttypid, atttypmod, attnotnull from pg_attribute"
    "  where attrelid = $1::oid and attnum > 0 and not attisdropped"
    " union all select b.attnum, t.typbasetype, case when t.typtypmod >= 0 then t.typtypmod else b.typmod "
    "end,"
    "  b.needed or t.typnotnull from b join pg_type t on t.oid = b.type and t.typtype = 'd'),"
    " checks(attnum, width, definition) as ("
    "  select k.attnum, cardinality(c.conkey), pg_get_constraintdef(c.oid)"
    "   from pg_constraint c, unnest(c.conkey) k(attnum) where c.conrelid = $1::oid and c.contype = 'c'"
    "  union all select b.attnum, 1, pg_get_constraintdef(c.oid) from b join pg_constraint c on c.contypid = "
    "b.type)"
    " select a.attname, t.typname, t.typtype, t.typcategory,"
    "  case when t.typname in ('varchar', 'bpchar', 'bit', 'varbit') and b.typmod > 0"
    "   then b.typmod - case when t.typcategory = 'V' then 0 else 4 end else 0 end,"
    "  b.needed, a.atthasdef or a.attidentity <> '', a.attgenerated <> '' or a.attidentity = 'a',"
    "  coalesce((select string_agg(e.enumlabel, e'\\x1f' order by e.enumsortorder) from pg_enum e"
    "    where e.enumtypid = t.oid),"
    "   (select string_agg(replace(m[1], '''''', ''''), e'\\x1f' order by x.width, x.definition, m.n) from "
    "checks x,"
    "     regexp_matches(x.definition, case when t.typcategory = 'N' then "
    "'[^[:alnum:]_.](-?[0-9]+)(?![0-9.]*[[:alpha:]_])'"
    "      else '''((?:[^'']|'''')*)''' end, 'g') with ordinality m(m, n)"
    "    where x.attnum = a.attnum and t.typcategory in ('N', 'S')), ''),"
    "  exists (select from checks x where x.attnum = a.attnum and x.width > 1),"
    "  (select format('(select %I from %I.%I order by 1 offset ', p.attname, n.nspname, f.relname)"
    "    from pg_constraint c join pg_class f on f.oid = c.confrelid join pg_namespace n on n.oid = "
    "f.relnamespace"
    "    join pg_attribute p on p.attrelid = f.oid and p.attnum = c.confkey[array_position(c.conkey, "
    "a.attnum)]"
    "    where c.conrelid = $1::oid and c.contype = 'f' and a.attnum = any(c.conkey) limit 1)"
    " from b join pg_type t on t.oid = b.type and t.typtype <> 'd'"
    " join pg_attribute a on a.attrelid = $1::oid and a.attnum = b.attnum order by a.attnum";

/* Places in the answer. */
enum {
    NAME,
    TYPE,
    TYPE_KIND,
    CATEGORY,
    LIMIT,
    NEEDED,
    HAS_DEFAULT,
    FILLS_ITSELF,
    LITERALS,
    SHARES_CHECK,
    PARENT
};

/* How much of a row is filled in. */
enum filling { FILL_ALL, FILL_MODEST, FILL_LEAST, FILLING_COUNT };

/* Values of the types that are no text; %u is the number. */
static const struct {
    const char *type;
    const char *format;
} values[] = {
    {"bool", "true"},
    {"date", "2001-02-03"},
    {"timestamp", "2001-02-03 04:05:06"},
    {"timestamptz", "2001-02-03 04:05:06+00"},
    {"time", "04:05:06"},
    {"timetz", "04:05:06+00"},
    {"interval", "1 hour"},
    {"bytea", "\\x6870"},
    {"inet", "192.0.2.1"},
    {"cidr", "192.0.2.0/24"},
    {"macaddr", "02:00:00:00:00:01"},
    {"xml", "<a/>"},
    {"point", "(1,2)"},
    {"tsvector", "kept"},
};

/* One try: which row, how it is filled, and which of the literals are taken. */
struct attempt {
    const struct catalog_answer *columns;
    const struct sentinel *sentinel;
    unsigned row; /* from 1 */
    enum filling filling;
    unsigned turn;
};

/* "hp003r1-kept-c05z"; what is short by its type bears less, or nothing, of it. */
static void add_text(struct text *sql, const struct attempt *attempt, size_t column, unsigned long limit) {
    struct text value = {0};
    if (limit == 0 || limit >= 18) {
        text_addf(&value, "hp%03ur%u-kept-c%02zuz", attempt->sentinel->number, attempt->row, column);
    } else if (limit >= 8) {
        text_addf(&value, "hp%03ur%u.", attempt->sentinel->number, attempt->row);
    } else {
        text_addf(&value, "%u", attempt->row);
    }
    catalog_add_literal(sql, value.bytes ? value.bytes : "");
    text_release(&value);
}

/* One of the texts between the separators, in turn; false when there is none. */
static bool add_literal(struct text *sql, const struct attempt *attempt, const char *literals) {
    const char *starts[CANDIDATES_MAX], *at = literals;
    size_t count = 0;
    if (literals[0] == '\0') {
        return false;
    }
    while (at && count < CANDIDATES_MAX) {
        starts[count++] = at;
        at = strchr(at, '\x1f');
        at = at ? at + 1 : NULL;
    }
    const char *start = starts[(attempt->row - 1 + attempt->turn) % count];
    char *literal = text_copy_bytes(start, strcspn(start, "\x1f"));
    if (literal) {
        catalog_add_literal(sql, literal);
    }
    sql->failed = sql->failed || !literal;
    free(literal);
    return true;
}

static void add_by_type(struct text *sql, const struct attempt *attempt, size_t column, const char *type,
                        const char *category) {
    unsigned number =
        attempt->turn % 2 == 0 ? 7000 + 10 * attempt->sentinel->number + attempt->row : attempt->row;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strcmp(values[i].type, type) == 0) {
            catalog_add_literal(sql, values[i].format);
            return;
        }
    }
    if (strcmp(type, "uuid") == 0) {
        text_addf(sql, "'6870%04x-000%x-4000-8000-%012zx'", attempt->sentinel->number & 0xffff, attempt->row,
                  column);
    } else if (strcmp(type, "json") == 0 || strcmp(type, "jsonb") == 0) {
        text_addf(sql, "'{\"kept\": \"hp%03ur%u-kept-c%02zuz\"}'", attempt->sentinel->number, attempt->row,
                  column);
    } else if (category[0] == 'N') {
        text_addf(sql, "%u", number);
    } else if (category[0] == 'A') {
        text_add(sql, "'{}'");
    } else {
        text_add(sql, category[0] == 'R' ? "'empty'" : "null");
    }
}

static void add_value(struct text *sql, const struct attempt *attempt, size_t column) {
    const struct catalog_answer *columns = attempt->columns;
    const char *parent = catalog_value(columns, column, PARENT);
    const char *category = catalog_value(columns, column, CATEGORY);
    bool last_turn = attempt->turn + 1 == FILLINGS; /* then the literals were no values */
    if (parent) {
        text_addf(sql, "%s%u limit 1)", parent, attempt->row - 1);
    } else if (!last_turn && add_literal(sql, attempt, catalog_value(columns, column, LITERALS))) {
        return;
    } else if (category[0] == 'S') {
        add_text(sql, attempt, column, strtoul(catalog_value(columns, column, LIMIT), NULL, 10));
    } else if (category[0] == 'V') {
        text_add(sql, "repeat('1', greatest(1, ");
        text_addf(sql, "%s))::varbit", catalog_value(columns, column, LIMIT));
    } else {
        add_by_type(sql, attempt, column, catalog_value(columns, column, TYPE), category);
    }
}

/* Whether the filling has a value for the column. */
static bool is_filled(const struct attempt *attempt, size_t column) {
    const struct catalog_answer *columns = attempt->columns;
    bool needed = catalog_true(columns, column, NEEDED);
    if (catalog_true(columns, column, FILLS_ITSELF)) {
        return false;
    }
    if (attempt->filling == FILL_ALL) {
        return true;
    }
    if (catalog_true(columns, column, HAS_DEFAULT)) {
        return false;
    }
    return needed || (attempt->filling == FILL_MODEST && !catalog_true(columns, column, SHARES_CHECK));
}

static void write_insert(struct text *sql, const struct attempt *attempt,
                         const struct snapshot_table *table) {
    struct text names = {0}, row = {0};
    for (size_t i = 0; i < attempt->columns->row_count; i++) {
        if (is_filled(attempt, i)) {
            text_add(&names, names.length_bytes ? ", " : "");
            catalog_add_name(&names, catalog_value(attempt->columns, i, NAME));
            text_add(&row, row.length_bytes ? ", " : "");
            add_value(&row, attempt, i);
        }
    }
    text_add(sql, "insert into ");
    catalog_add_name(sql, table->schema);
    text_add(sql, ".");
    catalog_add_name(sql, table->name);
    if (names.length_bytes > 0 && row.length_bytes > 0) {
        text_addf(sql, " (%s) values (%s)", names.bytes, row.bytes);
    } else {
        text_add(sql, " default values");
    }
    sql->failed = sql->failed || names.failed || row.failed;
    text_release(&names);
    text_release(&row);
}

/* Tries one filling; the first refusal's words are kept. */
static enum hp_status try_row(struct catalog *catalog, const struct attempt *attempt,
                              const struct snapshot_table *table, bool *done, struct text *why,
                              struct hp_problem *problem) {
    struct text sql = {0};
    struct catalog_answer answer = {0};
    write_insert(&sql, attempt, table);
    enum hp_status status = sql.failed ? hp_problem_no_memory(problem) : HP_OK;
    enum catalog_end end = status == HP_OK ? catalog_run(catalog, sql.bytes, &answer) : CATALOG_LOST;
    *done = end == CATALOG_DONE && answer.affected > 0; /* a trigger may swallow it */
    if (status == HP_OK && end == CATALOG_LOST) {
        status = catalog_complain(&answer, problem);
    } else if (status == HP_OK && !*done && why->length_bytes == 0) {
        text_add(why, end == CATALOG_DONE ? "the row was swallowed" : answer.message);
    }
    catalog_answer_release(&answer);
    text_release(&sql);
    return status;
}

static enum hp_status plant_row(struct catalog *catalog, struct attempt *attempt,
                                const struct snapshot_table *table, bool *done, struct text *why,
                                struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    *done = false;
    for (int filling = FILL_ALL; filling < FILLING_COUNT; filling++) {
        for (attempt->turn = 0; attempt->turn < FILLINGS && !*done && status == HP_OK; attempt->turn++) {
            attempt->filling = (enum filling)filling;
            status = try_row(catalog, attempt, table, done, why, problem);
        }
    }
    return status;
}

enum hp_status sentinel_plant(struct catalog *catalog, const struct snapshot_table *table,
                              struct sentinel *sentinel, size_t *planted, struct text *why,
                              struct hp_problem *problem) {
    struct catalog_answer columns = {0};
    const char *oid = table->oid;
    *planted = 0;
    enum hp_status status = catalog_ask(catalog, columns_sql, &oid, 1, &columns) == CATALOG_DONE
                                ? HP_OK
                                : catalog_complain(&columns, problem);
    for (unsigned row = 1; status == HP_OK && row <= SENTINEL_ROWS; row++) {
        struct attempt attempt = {.columns = &columns, .sentinel = sentinel, .row = row};
        bool done;
        status = plant_row(catalog, &attempt, table, &done, why, problem);
        *planted += done;
        if (status == HP_OK && done) {
            status = sentinel_look(catalog, table, sentinel, row - 1, &sentinel->present[row - 1], problem);
        }
    }
    catalog_answer_release(&columns);
    return status;
}

/* Runs a select of our own over a table, "select <what> from s.t t <rest>". */
static enum hp_status ask_table(struct catalog *catalog, const struct snapshot_table *table, const char *what,
                                const char *rest, struct catalog_answer *answer, struct hp_problem *problem) {
    struct text sql = {0};
    text_addf(&sql, "select %s from ", what);
    catalog_add_name(&sql, table->schema);
    text_add(&sql, ".");
    catalog_add_name(&sql, table->name);
    text_addf(&sql, " t%s", rest);
    enum hp_status status = sql.failed ? hp_problem_no_memory(problem) : HP_OK;
    if (status == HP_OK && catalog_run(catalog, sql.bytes, answer) != CATALOG_DONE) {
        status = catalog_complain(answer, problem);
    }
    text_release(&sql);
    return status;
}

enum hp_status sentinel_look(struct catalog *catalog, const struct snapshot_table *table,
                             const struct sentinel *sentinel, size_t row, bool *found,
                             struct hp_problem *problem) {
    struct text rest = {0};
    struct catalog_answer answer = {0};
    text_addf(
        &rest,
        " where (t.*)::text ilike '%%hp%03ur%zu_%%' or (t.*)::text ilike '%%6870%04x-000%zx-4000-8000-%%'",
        sentinel->number, row + 1, sentinel->number & 0xffff, row + 1);
    enum hp_status status = rest.failed
                                ? hp_problem_no_memory(problem)
                                : ask_table(catalog, table, "count(*) > 0", rest.bytes, &answer, problem);
    *found = status == HP_OK && catalog_true(&answer, 0, 0);
    catalog_answer_release(&answer);
    text_release(&rest);
    return status;
}

enum hp_status sentinel_find_cut(struct catalog *catalog, const struct snapshot_table *table,
                                 const struct sentinel *sentinel, struct text *column,
                                 struct hp_problem *problem) {
    struct text rest = {0};
    struct catalog_answer answer = {0};
    text_addf(&rest,
              ", jsonb_each_text(to_jsonb(t.*)) e where e.value ~ '^hp%03ur[0-9]-'"
              " and e.value !~ '-kept-c[0-9]+z' order by e.key limit 1",
              sentinel->number);
    enum hp_status status = rest.failed ? hp_problem_no_memory(problem)
                                        : ask_table(catalog, table, "e.key", rest.bytes, &answer, problem);
    if (status == HP_OK && answer.row_count > 0) {
        text_add(column, catalog_value(&answer, 0, 0));
    }
    catalog_answer_release(&answer);
    text_release(&rest);
    return status;
}
