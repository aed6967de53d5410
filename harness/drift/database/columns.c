#include "harness/drift/database/columns.h"

#include <string.h>

const char *columns_type_sql(enum column_type type) {
    static const char *const types[] = {"uuid", "text", "text", "jsonb", "timestamptz"};
    return types[type];
}

const char *columns_default_sql(enum column_default fallback) {
    static const char *const defaults[] = {"", "gen_random_uuid()", "'{}'", "now()"};
    return defaults[fallback];
}

static void find_missing(struct inspection *inspection, const struct relation *relation, size_t at) {
    const struct wanted_column *wanted = &inspection->vocabulary->columns[at];
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(relation, wanted->name, &object);
    text_addf(&mend, "alter table %s add column ", relation->sql);
    catalog_add_name(&mend, wanted->name);
    text_addf(&mend, " %s", columns_type_sql(wanted->type));
    if (wanted->fallback != DEFAULT_NONE) {
        text_addf(&mend, " default %s", columns_default_sql(wanted->fallback));
    }
    text_addf(&mend, "%s;%s", wanted->nullable ? "" : " not null",
              wanted->nullable || wanted->fallback != DEFAULT_NONE
                  ? ""
                  : " (with a default for the rows that are there)");
    text_addf(&what, "There is no column %s.", wanted->name);
    relation->flaws[at] = inspection_find(inspection, CHECK_COLUMN_MISSING, &object, &mend, &what);
}

static bool is_of(const struct relation_column *column, const char *base) {
    return strcmp(column->base, base) == 0;
}

/* The longest word that a column of a closed set must hold. */
static size_t longest_word(const struct inspection *inspection, const char *column) {
    const struct vocabulary *vocabulary = inspection->vocabulary;
    const struct words *words = strcmp(column, "kind") == 0 ? &vocabulary->kinds : &vocabulary->statuses;
    size_t longest = 0;
    for (size_t i = 0; i < words->count; i++) {
        size_t length = strlen(words->items[i]);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* Why a column cannot hold a word; NULL: it can. */
static const char *misses_word(const struct inspection *inspection, const struct relation_column *column) {
    if (is_of(column, "bpchar")) {
        return "which pads words with blanks; text is wanted";
    }
    if (!column_takes_words(column)) {
        return "where words of a closed set are wanted (text, an enum, a domain)";
    }
    bool short_ = column->limit >= 0 && (size_t)column->limit < longest_word(inspection, column->name);
    return short_ ? "which is too short for some of its words; text is wanted" : NULL;
}

static const char *misses_text(const struct relation_column *column) {
    if (!is_of(column, "text") && !is_of(column, "varchar")) {
        return "where text is wanted";
    }
    return column->limit >= 0 ? "where text without a limit of its own is wanted" : NULL;
}

static const char *misses_instant(const struct relation_column *column) {
    if (!is_of(column, "timestamptz")) {
        return "where timestamptz is wanted: a time without its zone is no instant";
    }
    return column->limit >= 0 && column->limit < 6 ? "which cuts off microseconds; timestamptz is wanted"
                                                   : NULL;
}

/* Why the type is not the one wanted, as the end of a sentence; NULL: it is. */
static const char *misses_type(const struct inspection *inspection, const struct wanted_column *wanted,
                               const struct relation_column *column) {
    switch (wanted->type) {
    case COLUMN_UUID:
        return is_of(column, "uuid") ? NULL : "where uuid is wanted";
    case COLUMN_TEXT:
        return misses_text(column);
    case COLUMN_WORD:
        return misses_word(inspection, column);
    case COLUMN_JSONB:
        return is_of(column, "jsonb") ? NULL : "where jsonb is wanted";
    case COLUMN_TIMESTAMPTZ:
        return misses_instant(column);
    }
    return NULL;
}

static void find_type(struct inspection *inspection, const struct relation *relation, size_t at,
                      const struct relation_column *column, const char *why) {
    const struct wanted_column *wanted = &inspection->vocabulary->columns[at];
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(relation, wanted->name, &object);
    relation_add_alter(relation, wanted->name, &mend);
    text_addf(&mend, "type %s using ", columns_type_sql(wanted->type));
    catalog_add_name(&mend, wanted->name);
    text_addf(&mend, "%s%s;", is_of(column, "timestamp") ? " at time zone 'UTC'::" : "::",
              is_of(column, "timestamp") ? "text" : columns_type_sql(wanted->type));
    text_addf(&what, "%s is %s, %s.", wanted->name, column->type, why);
    relation->flaws[at] = inspection_find(inspection, CHECK_COLUMN_TYPE, &object, &mend, &what);
}

static void find_obliged(struct inspection *inspection, const struct relation *relation, size_t at) {
    const char *name = inspection->vocabulary->columns[at].name;
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(relation, name, &object);
    relation_add_alter(relation, name, &mend);
    text_add(&mend, "drop not null;");
    text_addf(&what, "%s cannot be null, and an interrupt may be without it.", name);
    relation->flaws[at] = inspection_find(inspection, CHECK_COLUMN_NULLABLE, &object, &mend, &what);
}

void columns_inspect(struct inspection *inspection, struct relation *relation) {
    for (size_t i = 0; i < inspection->vocabulary->column_count; i++) {
        const struct wanted_column *wanted = &inspection->vocabulary->columns[i];
        const struct relation_column *column = relation_find(relation, wanted->name);
        const char *why = column ? misses_type(inspection, wanted, column) : NULL;
        if (!column) {
            find_missing(inspection, relation, i);
        } else if (why) {
            find_type(inspection, relation, i, column, why);
        } else if (wanted->nullable && column->obliged) {
            find_obliged(inspection, relation, i);
        }
        inspection->blame = relation->flaws[i] > 0 ? relation->flaws[i] : inspection->blame;
    }
    drift_examined(inspection->report, check_of(CHECK_COLUMN_MISSING));
    drift_examined(inspection->report, check_of(CHECK_COLUMN_TYPE));
}

void columns_find_nullable(struct inspection *inspection, const struct relation *relation,
                           const char *column) {
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(relation, column, &object);
    relation_add_alter(relation, column, &mend);
    text_add(&mend, "set not null;");
    text_addf(&what, "%s can be null, and every interrupt has it.", column);
    inspection_find(inspection, CHECK_COLUMN_NULLABLE, &object, &mend, &what);
}

void columns_find_default(struct inspection *inspection, const struct relation *relation,
                          const struct wanted_column *wanted, const char *why) {
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(relation, wanted->name, &object);
    relation_add_alter(relation, wanted->name, &mend);
    text_addf(&mend, "set default %s;", columns_default_sql(wanted->fallback));
    text_addf(&what, "%s %s.", wanted->name, why);
    inspection_find(inspection, CHECK_COLUMN_DEFAULT, &object, &mend, &what);
}

bool columns_guarded(struct inspection *inspection, const struct relation *relation, const char *event) {
    struct text sql = {0};
    struct catalog_answer answer = {0};
    text_addf(&sql,
              "select exists (select from pg_catalog.pg_trigger t where t.tgrelid = $1::pg_catalog.oid"
              " and not t.tgisinternal and t.tgtype::int & %s <> 0)"
              " or exists (select from pg_catalog.pg_rewrite r where r.ev_class = $1::pg_catalog.oid)",
              event);
    bool read = !sql.failed && inspection_read(inspection, sql.bytes, relation->oid, &answer);
    bool guarded = !read || catalog_true(&answer, 0, 0);
    catalog_answer_release(&answer);
    text_release(&sql);
    return guarded;
}

/* True when nothing but NOT NULL could keep a null out. */
static bool is_unguarded(struct inspection *inspection, const struct relation *relation,
                         const struct relation_column *column) {
    static const char sql[] =
        "select a.attname from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid"
        " where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and (t.typtype = 'd' or exists ("
        "select from pg_catalog.pg_constraint c where c.conrelid = a.attrelid and c.contype in ('c', 'f')"
        " and a.attnum = any (c.conkey)))";
    struct catalog_answer answer = {0};
    bool unguarded = !columns_guarded(inspection, relation, "4") &&
                     inspection_read(inspection, sql, relation->oid, &answer);
    for (size_t i = 0; i < answer.row_count; i++) {
        unguarded = unguarded && strcmp(catalog_value(&answer, i, 0), column->name) != 0;
    }
    catalog_answer_release(&answer);
    return unguarded;
}

/* Two values of the default must be what the column wants. */
static const char *question_of(enum column_default fallback) {
    static const char *const questions[] = {
        "",
        "select (%s)::text <> (%s)::text",
        "select (%s)::jsonb = '{}' and (%s) is not null",
        ("select (%s)::timestamptz between now() - interval '1 s' and clock_timestamp() + interval '1 s'"
         " and (%s) is not null"),
    };
    return questions[fallback];
}

static void add_question(struct text *sql, const char *question, const char *expression) {
    for (const char *mark; (mark = strstr(question, "%s")); question = mark + 2) {
        text_append(sql, question, (size_t)(mark - question));
        text_add(sql, expression);
    }
    text_add(sql, question);
}

static void judge_default(struct inspection *inspection, const struct relation *relation,
                          const struct wanted_column *wanted, const struct relation_column *column) {
    if (!column->fallback) {
        if (columns_guarded(inspection, relation, "4")) {
            drift_waived(inspection->report, check_of(CHECK_COLUMN_DEFAULT),
                         "not probed (read only): a trigger may set %s", wanted->name);
        } else {
            columns_find_default(inspection, relation, wanted, "has no default");
        }
        return;
    }
    struct text sql = {0};
    add_question(&sql, question_of(wanted->fallback), column->fallback);
    struct probe_outcome outcome = inspection_try(inspection, &sql);
    text_release(&sql);
    if (outcome.end == PROBE_NO) {
        columns_find_default(inspection, relation, wanted, "has another default than it should");
    } else if (outcome.end != PROBE_YES) {
        inspection_unknown(inspection, CHECK_COLUMN_DEFAULT, &outcome);
    }
}

void columns_inspect_unprobed(struct inspection *inspection, const struct relation *relation) {
    for (size_t i = 0; i < inspection->vocabulary->column_count; i++) {
        const struct wanted_column *wanted = &inspection->vocabulary->columns[i];
        const struct relation_column *column = relation_find(relation, wanted->name);
        if (!column || relation->flaws[i] > 0) {
            continue;
        }
        if (!wanted->nullable && !column->obliged) {
            if (is_unguarded(inspection, relation, column)) {
                columns_find_nullable(inspection, relation, wanted->name);
            } else {
                drift_waived(inspection->report, check_of(CHECK_COLUMN_NULLABLE),
                             "not probed (read only): a constraint may keep null out of %s", wanted->name);
            }
        }
        if (wanted->fallback != DEFAULT_NONE) {
            judge_default(inspection, relation, wanted, column);
        }
    }
    drift_examined(inspection->report, check_of(CHECK_COLUMN_NULLABLE));
    drift_examined(inspection->report, check_of(CHECK_COLUMN_DEFAULT));
}
