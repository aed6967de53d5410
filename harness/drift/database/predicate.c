#include "harness/drift/database/predicate.h"

#include <string.h>

static const char *value_of(const struct word_pairs *pairs, const char *name) {
    for (size_t i = 0; i < pairs->count; i++) {
        if (strcmp(pairs->items[i].name, name) == 0) {
            return pairs->items[i].value;
        }
    }
    return NULL;
}

/* A JSON value that the type takes. */
static const char *sample_of(enum column_type type) {
    static const char *const samples[] = {"\"00000000-0000-4000-8000-000000000000\"", "\"sample\"",
                                          "\"sample\"", "{}", "\"2025-12-11T09:30:00Z\""};
    return samples[type];
}

/* The row as JSON: its words, what is never null, the indexed columns, and the rest when it is to be filled. */
static void add_row(struct text *json, const struct inspection *inspection, const struct wanted_index *wanted,
                    const char *kind, const char *status, bool filled) {
    text_addf(json, "{\"kind\": \"%s\", \"status\": \"%s\"", kind, status);
    for (size_t i = 0; i < inspection->vocabulary->column_count; i++) {
        const struct wanted_column *column = &inspection->vocabulary->columns[i];
        bool needed = !column->nullable || words_hold(&wanted->columns, column->name);
        if (column->type != COLUMN_WORD && (needed || filled)) {
            text_addf(json, ", \"%s\": %s", column->name, sample_of(column->type));
        }
    }
    text_add(json, "}");
}

/* PROBE_REFUSED: a row that the types do not let exist. */
static struct probe_outcome ask(struct inspection *inspection, const struct relation *relation,
                                const char *predicate, const struct text *row) {
    struct text sql = {0};
    text_addf(&sql, "select coalesce((%s), false) from pg_catalog.jsonb_populate_record(null::%s, ",
              predicate, relation->sql);
    if (!row->failed) {
        catalog_add_literal(&sql, row->bytes);
    }
    text_add(&sql, ") as interrupt");
    sql.failed = sql.failed || row->failed;
    struct probe_outcome outcome = inspection_try(inspection, &sql);
    text_release(&sql);
    return outcome;
}

/* What is left to be known after one more row. */
static void weigh(const struct probe_outcome *outcome, bool unwanted, enum predicate_end *end,
                  struct probe_outcome *unknown) {
    if (outcome->end == PROBE_FAILED) {
        *unknown = *outcome;
        *end = PREDICATE_UNKNOWN;
    } else if (outcome->end == PROBE_YES && unwanted && *end == PREDICATE_SERVES) {
        *end = PREDICATE_HOLDS_MORE;
    } else if (outcome->end == PROBE_NO && !unwanted) {
        *end = PREDICATE_MISSES;
    }
}

static void try_words(struct inspection *inspection, const struct relation *relation,
                      const struct wanted_index *wanted, const char *predicate, const char *kind,
                      const char *status, enum predicate_end *end, struct probe_outcome *unknown) {
    const char *out = value_of(&wanted->leaves_out, "kind");
    bool unwanted = out && strcmp(out, kind) == 0;
    for (int filled = 0; filled < 2 && *end != PREDICATE_MISSES && *end != PREDICATE_UNKNOWN; filled++) {
        struct text row = {0};
        add_row(&row, inspection, wanted, kind, status, filled > 0);
        struct probe_outcome outcome = ask(inspection, relation, predicate, &row);
        text_release(&row);
        weigh(&outcome, unwanted, end, unknown);
    }
}

enum predicate_end predicate_judge(struct inspection *inspection, const struct relation *relation,
                                   const struct wanted_index *wanted, const char *predicate,
                                   struct probe_outcome *unknown) {
    const struct vocabulary *vocabulary = inspection->vocabulary;
    const char *held = value_of(&wanted->holds, "status");
    if (!predicate) {
        return wanted->leaves_out.count > 0 ? PREDICATE_HOLDS_MORE : PREDICATE_SERVES;
    }
    enum predicate_end end = PREDICATE_SERVES;
    for (size_t i = 0; i < vocabulary->kinds.count; i++) {
        for (size_t j = 0; j < vocabulary->statuses.count; j++) {
            const char *status = vocabulary->statuses.items[j];
            if (!held || strcmp(held, status) == 0) {
                try_words(inspection, relation, wanted, predicate, vocabulary->kinds.items[i], status, &end,
                          unknown);
            }
        }
    }
    return end;
}
