#include "harness/drift/database/probe.h"

#include <stdio.h>
#include <string.h>

const char probe_resolved[] = "resolved";

/* Rich enough for a table that asks for the field of a kind. */
const char probe_response_sql[] = "'{\"text\": \"probe\", \"approved\": true, \"decision\": \"approve\","
                                  " \"data\": {}, \"received_at\": \"2025-12-11T09:30:00.000000Z\"}'";

enum { ID_SIZE = 37, SEED_KEPT = 24 };

const char *probe_pending(const struct probe *probe) {
    const struct vocabulary *vocabulary = probe->inspection->vocabulary;
    for (size_t i = 0; i < vocabulary->statuses.count; i++) {
        if (!words_hold(&vocabulary->final_statuses, vocabulary->statuses.items[i])) {
            return vocabulary->statuses.items[i];
        }
    }
    return "pending";
}

static void write_id(const struct probe *probe, char id[ID_SIZE]) {
    snprintf(id, ID_SIZE, "%.*s%012zx", SEED_KEPT, probe->seed, probe->serial & 0xffffffffffffu);
}

/* True when the UUID of a row can stand in the column. */
static bool takes_id(const struct relation_column *column) {
    return column && !column->generated && !column->parent_sql &&
           (strcmp(column->base, "uuid") == 0 ||
            (strcmp(column->base, "text") == 0 ||
             (strcmp(column->base, "varchar") == 0 && (column->limit < 0 || column->limit >= ID_SIZE - 1))));
}

/* The column that rows of probes are found by. */
static const char *key_of(const struct probe *probe) {
    static const char *const keys[] = {"id", "request_id", "session_id", "trace_id"};
    for (size_t i = probe->idless ? 1 : 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (takes_id(relation_find(probe->relation, keys[i]))) {
            return keys[i];
        }
    }
    return NULL;
}

static bool is_key(const struct probe *probe, const char *column) {
    const char *key = key_of(probe);
    return key && strcmp(key, column) == 0;
}

bool probe_has_id(const struct probe *probe) {
    return is_key(probe, "id");
}

static void add_key(const struct probe *probe, struct text *sql) {
    char id[ID_SIZE];
    write_id(probe, id);
    text_addf(sql, "%s = '%s'", key_of(probe), id);
}

/* Something of the type of a column that must be filled; DEFAULT, which will fail, where nothing simple is known. One is
 * the number that most constraints allow. */
static const char *filler_of(const struct relation_column *column) {
    static const struct {
        const char *base, *sql;
    } fillers[] = {
        {"json", "'{}'"},
        {"jsonb", "'{}'"},
        {"uuid", "'00000000-0000-4000-8000-000000000000'"},
        {"bytea", "''"},
        {"date", "'2025-12-11'"},
        {"time", "'00:00'"},
        {"interval", "'0'"},
        {"timestamp", "pg_catalog.now()"},
        {"timestamptz", "pg_catalog.now()"},
        {"inet", "'0.0.0.0'"},
    };
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        if (strcmp(column->base, fillers[i].base) == 0) {
            return fillers[i].sql;
        }
    }
    switch (column->category) {
    case 'S':
        return column->limit >= 0 && column->limit < 9 ? "'p'" : "'holdpoint'";
    case 'N':
        return "1";
    case 'B':
        return "false";
    case 'A':
        return "'{}'";
    case 'R':
        return "'empty'";
    default:
        return "default";
    }
}

static void add_filler(const struct relation_column *column, struct text *sql) {
    if (column->parent_sql) {
        text_add(sql, column->parent_sql);
    } else if (column->sort == 'e' && column->first_label) {
        catalog_add_literal(sql, column->first_label);
    } else {
        text_add(sql, filler_of(column));
    }
}

static const struct wanted_column *find_wanted(const struct probe *probe, const char *name) {
    const struct vocabulary *vocabulary = probe->inspection->vocabulary;
    for (size_t i = 0; i < vocabulary->column_count; i++) {
        if (strcmp(vocabulary->columns[i].name, name) == 0) {
            return &vocabulary->columns[i];
        }
    }
    return NULL;
}

/* A stranger's column says nothing where it can; a sequence is not drawn from, since that is not rolled back. */
static void add_strange(const struct probe *probe, const struct relation_column *column, struct text *sql) {
    if (column->drawn && !column->generated && column->category == 'N') {
        text_addf(sql, "-%zu", probe->serial % 30000 + 1);
    } else if (column->generated || column->fallback || !column->obliged) {
        text_add(sql, "default");
    } else {
        add_filler(column, sql);
    }
}

static const char *given(const struct probe_row *row, const char *column) {
    for (size_t i = 0; i < row->value_count; i++) {
        if (strcmp(row->values[i].column, column) == 0) {
            return row->values[i].sql;
        }
    }
    return NULL;
}

/* What a column is to hold that may be null: something in the later variants, and when it must. */
static void add_optional(const struct relation_column *column, const struct wanted_column *wanted,
                         unsigned variant, struct text *sql) {
    bool expiry = strcmp(wanted->name, "expires_at") == 0;
    if (expiry && variant == PROBE_VARIANTS - 1) {
        text_add(sql, "pg_catalog.now() + interval '1 hour'");
    } else if (column->obliged || (variant > 0 && wanted->type == COLUMN_TEXT)) {
        add_filler(column, sql);
    } else {
        text_add(sql, "null");
    }
}

static void add_word(const struct relation_column *column, const char *word, struct text *sql) {
    if (word && column_takes_words(column)) {
        catalog_add_literal(sql, word);
    } else {
        add_filler(column, sql);
    }
}

static void add_wanted(const struct probe *probe, const struct probe_row *row, unsigned variant,
                       const struct relation_column *column, const struct wanted_column *wanted,
                       struct text *sql) {
    char id[ID_SIZE];
    write_id(probe, id);
    const char *status = row->status ? row->status : probe->status;
    bool resolved = status && strcmp(status, probe_resolved) == 0;
    if (strcmp(wanted->name, "kind") == 0) {
        add_word(column, row->kind ? row->kind : probe->kind, sql);
    } else if (strcmp(wanted->name, "status") == 0) {
        add_word(column, status, sql);
    } else if (strcmp(wanted->name, "response") == 0 && resolved) {
        text_add(sql, probe_response_sql);
    } else if (strcmp(wanted->name, "resolved_at") == 0 && resolved) {
        text_add(sql, "pg_catalog.now()");
    } else if (strcmp(wanted->name, "id") == 0 && !takes_id(column)) {
        add_strange(probe, column, sql);
    } else if (strcmp(wanted->name, "id") == 0 || is_key(probe, wanted->name)) {
        text_addf(sql, "'%s'", id);
    } else if (wanted->nullable) {
        add_optional(column, wanted, variant, sql);
    } else {
        add_filler(column, sql);
    }
}

static void add_value(const struct probe *probe, const struct probe_row *row, unsigned variant,
                      const struct relation_column *column, struct text *sql) {
    const struct wanted_column *wanted = find_wanted(probe, column->name);
    const char *said = given(row, column->name);
    if (said) {
        text_add(sql, said);
    } else if (column->generated) {
        text_add(sql, "default");
    } else if (wanted) {
        add_wanted(probe, row, variant, column, wanted, sql);
    } else {
        add_strange(probe, column, sql);
    }
}

static void add_insert(const struct probe *probe, const struct probe_row *row, unsigned variant,
                       struct text *sql) {
    const struct relation *relation = probe->relation;
    text_addf(sql, "insert into %s (", relation->sql);
    for (size_t i = 0; i < relation->column_count; i++) {
        text_add(sql, i > 0 ? ", " : "");
        catalog_add_name(sql, relation->columns[i].name);
    }
    text_add(sql, ") overriding system value values (");
    for (size_t i = 0; i < relation->column_count; i++) {
        text_add(sql, i > 0 ? ", " : "");
        add_value(probe, row, variant, &relation->columns[i], sql);
    }
    text_add(sql, "); ");
}

/* The row as it becomes when it may only begin as pending. */
static void add_steps(const struct probe *probe, const struct probe_row *row, unsigned variant,
                      struct text *sql) {
    static const char *const stated[] = {"status", "response", "resolved_at"};
    struct probe_row first = {.kind = row->kind, .status = probe_pending(probe)};
    for (size_t i = 0; i < row->value_count; i++) {
        const struct probe_value *value = &row->values[i];
        if (strcmp(value->column, "response") != 0 && strcmp(value->column, "resolved_at") != 0) {
            first.values[first.value_count++] = *value;
        }
    }
    add_insert(probe, &first, variant, sql);
    text_addf(sql, "update %s set ", probe->relation->sql);
    for (size_t i = 0; i < sizeof stated / sizeof stated[0]; i++) {
        text_addf(sql, "%s%s = ", i > 0 ? ", " : "", stated[i]);
        add_value(probe, row, variant, relation_find(probe->relation, stated[i]), sql);
    }
    text_add(sql, " where ");
    add_key(probe, sql);
    text_add(sql, "; ");
}

static void add_row(const struct probe *probe, const struct probe_row *row, unsigned variant,
                    struct text *sql) {
    const char *status = row->status ? row->status : probe->status;
    if (probe->stepwise && status && strcmp(status, probe_pending(probe)) != 0) {
        add_steps(probe, row, variant, sql);
    } else {
        add_insert(probe, row, variant, sql);
    }
}

static void add_question(const struct probe *probe, const char *condition, struct text *sql) {
    text_addf(sql, "select count(*) = 1 from %s where ", probe->relation->sql);
    add_key(probe, sql);
    if (condition) {
        text_addf(sql, " and (%s)", condition);
    }
}

static struct probe_outcome run(struct probe *probe, struct text *script) {
    struct probe_outcome outcome = inspection_try(probe->inspection, script);
    text_release(script);
    return outcome;
}

struct probe_outcome probe_put(struct probe *probe, const struct probe_row *row, const char *condition,
                               unsigned *variant) {
    struct probe_outcome known = {0};
    for (unsigned i = 0; i < PROBE_VARIANTS; i++) {
        struct text script = {0};
        unsigned tried = (probe->variant + i) % PROBE_VARIANTS;
        probe->serial++;
        add_row(probe, row, tried, &script);
        add_question(probe, condition, &script);
        struct probe_outcome outcome = run(probe, &script);
        if (outcome.end == PROBE_YES) {
            if (variant) {
                *variant = tried;
            }
            return outcome;
        }
        known = i == 0 ? outcome : known;
        if (inspection_is_busy(outcome.state)) {
            break;
        }
    }
    return known;
}

struct probe_outcome probe_change(struct probe *probe, const struct probe_row *row, unsigned variant,
                                  const char *changes, const char *condition) {
    struct text script = {0};
    probe->serial++;
    add_row(probe, row, variant, &script);
    text_addf(&script, "update %s set %s where ", probe->relation->sql, changes);
    add_key(probe, &script);
    text_add(&script, "; ");
    add_question(probe, condition, &script);
    return run(probe, &script);
}

static struct probe_outcome nowhere_to_look(void) {
    return (struct probe_outcome){.end = PROBE_FAILED,
                                  .words = "no column takes a UUID by which a probe finds its row"};
}

struct probe_outcome probe_repeat(struct probe *probe, const struct probe_row *row, size_t times,
                                  const char *question) {
    struct text script = {0};
    probe->serial++;
    probe->idless = true;
    if (!key_of(probe)) {
        probe->idless = false;
        return nowhere_to_look();
    }
    for (size_t i = 0; i < times; i++) {
        add_insert(probe, row, probe->variant, &script);
    }
    text_addf(&script, "select %s from %s where ", question, probe->relation->sql);
    add_key(probe, &script);
    probe->idless = false;
    return run(probe, &script);
}

static bool draw_seed(struct probe *probe) {
    static const char sql[] = "select (pg_catalog.md5(pg_catalog.random()::pg_catalog.text || $1"
                              " || pg_catalog.clock_timestamp()::pg_catalog.text))::pg_catalog.uuid";
    struct catalog_answer answer = {0};
    bool drawn = inspection_read(probe->inspection, sql, "holdpoint", &answer);
    if (drawn) {
        text_put(probe->seed, sizeof probe->seed, catalog_value(&answer, 0, 0));
    }
    catalog_answer_release(&answer);
    return drawn;
}

/* The i-th word to try: those of the vocabulary come first among the candidates, kinds before statuses. */
static const char *word_at(const struct probe *probe, size_t first, size_t at) {
    size_t count = probe->candidates->count;
    return count > 0 ? probe->candidates->items[(first + at) % count] : NULL;
}

/* A refusal may mean the words; anything else will not go away by other words. */
static struct probe_outcome find_words(struct probe *probe) {
    enum { TRIES = 40 };
    size_t kinds = probe->inspection->vocabulary->kinds.count;
    struct probe_outcome first = {.end = PROBE_FAILED};
    for (size_t i = 0; i < TRIES; i++) {
        for (size_t j = 0; j < TRIES && i * j < TRIES; j++) {
            struct probe_row row = {.kind = word_at(probe, 0, j), .status = word_at(probe, kinds, i)};
            unsigned variant = 0;
            struct probe_outcome outcome = probe_put(probe, &row, NULL, &variant);
            first = i + j == 0 ? outcome : first;
            if (outcome.end == PROBE_YES) {
                probe->kind = row.kind;
                probe->status = row.status;
                probe->variant = variant;
                return outcome;
            }
            if (outcome.end != PROBE_REFUSED && strcmp(outcome.state, "22001") != 0) {
                return outcome;
            }
        }
    }
    return first;
}

struct probe_outcome probe_begin(struct probe *probe) {
    for (size_t i = 0; i < PROBE_STATUSES_MAX; i++) {
        probe->reach[i] = -1;
    }
    if (!key_of(probe)) {
        return nowhere_to_look();
    }
    return draw_seed(probe) ? find_words(probe) : (struct probe_outcome){.end = PROBE_FAILED};
}
