#include "harness/drift/database/indexes.h"

#include "harness/drift/database/predicate.h"

#include <string.h>

static void add_array(struct text *sql, const struct words *words) {
    text_add(sql, "array[");
    for (size_t i = 0; i < words->count; i++) {
        text_add(sql, i > 0 ? ", " : "");
        catalog_add_literal(sql, words->items[i]);
    }
    text_add(sql, "]::pg_catalog.text[]");
}

static void add_names(struct text *sql, const struct words *words) {
    for (size_t i = 0; i < words->count; i++) {
        text_add(sql, i > 0 ? ", " : "");
        catalog_add_name(sql, words->items[i]);
    }
}

/* The names of the first columns of index i: so many as there are wanted, and no expression among them. */
static void add_leading(struct text *sql, const struct words *wanted) {
    text_addf(sql,
              "(select pg_catalog.array_agg(a.attname::pg_catalog.text order by k.place)"
              " from pg_catalog.unnest(i.indkey::pg_catalog.int2[]) with ordinality k (number, place)"
              " join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number"
              " where k.place <= least(i.indnkeyatts, %zu)) = ",
              wanted->count);
    add_array(sql, wanted);
}

static bool read(struct inspection *inspection, const struct relation *relation, struct text *sql,
                 struct catalog_answer *answer) {
    inspection->report->failed = inspection->report->failed || sql->failed;
    bool done = !sql->failed && inspection_read(inspection, sql->bytes, relation->oid, answer);
    text_release(sql);
    return done;
}

static void inspect_primary_key(struct inspection *inspection, const struct relation *relation) {
    const struct words *key = &inspection->vocabulary->primary_key;
    if (relation_spares(inspection, relation, CHECK_PRIMARY_KEY, key->items, key->count)) {
        return;
    }
    struct text sql = {0}, object = {0}, mend = {0}, what = {0};
    struct catalog_answer answer = {0};
    text_addf(&sql, "select i.indnkeyatts = %zu and ", key->count);
    add_leading(&sql, key);
    text_add(&sql, " from pg_catalog.pg_index i where i.indrelid = $1::pg_catalog.oid and i.indisprimary");
    if (!read(inspection, relation, &sql, &answer)) {
        return;
    }
    if (answer.row_count == 0 || !catalog_true(&answer, 0, 0)) {
        text_add(&object, relation->label);
        text_addf(&mend, "alter table %s %sadd primary key (", relation->sql,
                  answer.row_count > 0 ? "drop its primary key, " : "");
        add_names(&mend, key);
        text_add(&mend, ");");
        text_add(&what, answer.row_count > 0 ? "The primary key is not "
                                             : "There is no primary key: ids may repeat. It should be ");
        add_names(&what, key);
        text_add(&what, ".");
        inspection_find(inspection, CHECK_PRIMARY_KEY, &object, &mend, &what);
    }
    catalog_answer_release(&answer);
    drift_examined(inspection->report, check_of(CHECK_PRIMARY_KEY));
}

static void inspect_validity(struct inspection *inspection, const struct relation *relation) {
    static const char sql[] =
        "select n.nspname, c.relname from pg_catalog.pg_index i"
        " join pg_catalog.pg_class c on c.oid = i.indexrelid"
        " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
        " where i.indrelid = $1::pg_catalog.oid and not (i.indisvalid and i.indisready and i.indislive)"
        " order by 1, 2";
    struct catalog_answer answer = {0};
    if (!inspection_read(inspection, sql, relation->oid, &answer)) {
        return;
    }
    for (size_t i = 0; i < answer.row_count; i++) {
        struct text object = {0}, mend = {0}, what = {0};
        const char *schema = catalog_value(&answer, i, 0), *name = catalog_value(&answer, i, 1);
        text_addf(&object, "index %s.%s", schema, name);
        text_add(&mend, "reindex index concurrently ");
        catalog_add_name(&mend, schema);
        text_add_byte(&mend, '.');
        catalog_add_name(&mend, name);
        text_add(&mend, ";");
        text_addf(&what, "The index %s is not valid: no query uses it, and every write keeps it.", name);
        inspection_find(inspection, CHECK_INDEX_INVALID, &object, &mend, &what);
    }
    catalog_answer_release(&answer);
    drift_examined(inspection->report, check_of(CHECK_INDEX_INVALID));
}

/* What the indexes of one lookup come to. */
struct fitting {
    bool serves;                  /* one holds all that must be in it */
    bool leaves_out;              /* one of these leaves out what must not be in it */
    bool invalid;                 /* one of these would serve, were it valid */
    char schema[128];             /* of the first that holds what it must not, or is invalid */
    char name[128];               /* the same */
    struct probe_outcome unknown; /* of a predicate that could not be asked; words "" when there is none */
};

static void try_index(struct inspection *inspection, const struct relation *relation,
                      const struct wanted_index *wanted, const struct catalog_answer *answer, size_t row,
                      struct fitting *fitting) {
    const char *predicate = catalog_value(answer, row, 3);
    enum predicate_end end = predicate_judge(inspection, relation, wanted, predicate, &fitting->unknown);
    if (end == PREDICATE_MISSES || end == PREDICATE_UNKNOWN) {
        return;
    }
    bool valid = catalog_true(answer, row, 2);
    fitting->invalid = fitting->invalid || !valid;
    if (!valid) {
        return;
    }
    fitting->serves = true;
    fitting->leaves_out = fitting->leaves_out || end == PREDICATE_SERVES;
    if (end == PREDICATE_HOLDS_MORE && !fitting->name[0]) {
        text_put(fitting->schema, sizeof fitting->schema, catalog_value(answer, row, 0));
        text_put(fitting->name, sizeof fitting->name, catalog_value(answer, row, 1));
    }
}

static void add_values(struct text *text, const struct word_pairs *pairs, const char *sign, size_t so_far) {
    for (size_t i = 0; i < pairs->count; i++) {
        text_addf(text, "%s%s %s ", i + so_far > 0 ? " and " : "", pairs->items[i].name, sign);
        catalog_add_literal(text, pairs->items[i].value);
    }
}

static void add_creation(const struct relation *relation, const struct wanted_index *wanted,
                         struct text *sql) {
    text_addf(sql, "create index on %s (", relation->sql);
    add_names(sql, &wanted->columns);
    text_add(sql, wanted->holds.count + wanted->leaves_out.count > 0 ? ") where " : ")");
    add_values(sql, &wanted->holds, "=", 0);
    add_values(sql, &wanted->leaves_out, "<>", wanted->holds.count);
    text_add(sql, ";");
}

static void find_missing(struct inspection *inspection, const struct relation *relation,
                         const struct wanted_index *wanted) {
    struct text object = {0}, mend = {0}, what = {0};
    text_add(&object, relation->label);
    add_creation(relation, wanted, &mend);
    text_addf(&what, "No index serves what is looked up as \"%s\": by ", wanted->name);
    add_names(&what, &wanted->columns);
    text_add(&what, wanted->holds.count > 0 ? ", all rows with " : "");
    add_values(&what, &wanted->holds, "=", 0);
    text_add(&what, ".");
    inspection_find(inspection, CHECK_INDEX_MISSING, &object, &mend, &what);
}

static void find_holding(struct inspection *inspection, const struct relation *relation,
                         const struct wanted_index *wanted, const struct fitting *fitting) {
    struct text object = {0}, mend = {0}, what = {0};
    text_addf(&object, "index %s.%s", fitting->schema, fitting->name);
    add_creation(relation, wanted, &mend);
    text_addf(&mend, " Then drop %s.", fitting->name);
    text_addf(&what, "%s holds rows with ", fitting->name);
    add_values(&what, &wanted->leaves_out, "=", 0);
    text_add(&what, ": they never expire, and every sweep reads those that are overdue again.");
    inspection_find(inspection, CHECK_INDEX_CHECKPOINTS, &object, &mend, &what);
}

static void conclude(struct inspection *inspection, const struct relation *relation,
                     const struct wanted_index *wanted, const struct fitting *fitting) {
    if (fitting->serves) {
        if (wanted->leaves_out.count > 0 && !fitting->leaves_out) {
            find_holding(inspection, relation, wanted, fitting);
        }
    } else if (fitting->invalid) {
        drift_skipped(inspection->report, check_of(CHECK_INDEX_MISSING),
                      "index-invalid at %s comes first (\"%s\")", relation->label, wanted->name);
    } else if (fitting->unknown.words[0]) {
        inspection_unknown(inspection, CHECK_INDEX_MISSING, &fitting->unknown);
    } else {
        find_missing(inspection, relation, wanted);
    }
}

/* A hash serves a lookup by one column, except where a range is asked for: what is due. */
static void inspect_index(struct inspection *inspection, const struct relation *relation,
                          const struct wanted_index *wanted) {
    bool by_hash = wanted->columns.count == 1 && wanted->leaves_out.count == 0;
    struct text sql = {0};
    struct catalog_answer answer = {0};
    struct fitting fitting = {0};
    text_addf(&sql,
              "select n.nspname, c.relname, i.indisvalid and i.indisready and i.indislive,"
              " pg_catalog.pg_get_expr(i.indpred, i.indrelid)"
              " from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid"
              " join pg_catalog.pg_am m on m.oid = c.relam"
              " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
              " where i.indrelid = $1::pg_catalog.oid and m.amname in ('btree'%s) and ",
              by_hash ? ", 'hash'" : "");
    add_leading(&sql, &wanted->columns);
    text_add(&sql, " order by 1, 2");
    if (!read(inspection, relation, &sql, &answer)) {
        return;
    }
    for (size_t i = 0; i < answer.row_count; i++) {
        try_index(inspection, relation, wanted, &answer, i, &fitting);
    }
    conclude(inspection, relation, wanted, &fitting);
    catalog_answer_release(&answer);
}

/* Predicates speak of other columns than the index does; a flaw of one of these comes first too. */
static bool is_spared(struct inspection *inspection, const struct relation *relation,
                      const struct wanted_index *wanted) {
    bool spared = relation_spares(inspection, relation, CHECK_INDEX_MISSING, wanted->columns.items,
                                  wanted->columns.count);
    for (size_t i = 0; !spared && i < wanted->holds.count; i++) {
        spared = relation_spares(inspection, relation, CHECK_INDEX_MISSING, &wanted->holds.items[i].name, 1);
    }
    for (size_t i = 0; !spared && i < wanted->leaves_out.count; i++) {
        spared =
            relation_spares(inspection, relation, CHECK_INDEX_MISSING, &wanted->leaves_out.items[i].name, 1);
    }
    if (spared && wanted->leaves_out.count > 0) {
        drift_skipped(inspection->report, check_of(CHECK_INDEX_CHECKPOINTS), "a column of \"%s\" comes first",
                      wanted->name);
    }
    return spared;
}

void indexes_inspect(struct inspection *inspection, const struct relation *relation) {
    inspect_primary_key(inspection, relation);
    inspect_validity(inspection, relation);
    for (size_t i = 0; i < inspection->vocabulary->index_count; i++) {
        const struct wanted_index *wanted = &inspection->vocabulary->indexes[i];
        if (!is_spared(inspection, relation, wanted)) {
            inspect_index(inspection, relation, wanted);
        }
    }
    drift_examined(inspection->report, check_of(CHECK_INDEX_MISSING));
    drift_examined(inspection->report, check_of(CHECK_INDEX_CHECKPOINTS));
}
