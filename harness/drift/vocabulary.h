/* The contract's words as the drift checks need them: fixtures/vocabulary.json, fixtures/database.json. */
#ifndef HOLDPOINT_DRIFT_VOCABULARY_H
#define HOLDPOINT_DRIFT_VOCABULARY_H

#include "harness/base/document.h"
#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* Names in the order of the file. Borrowed from the vocabulary. */
struct words {
    const char **items;
    size_t count;
};

bool words_hold(const struct words *words, const char *word);

/* A pair of the file's objects: an alias with what it stands for; a column with the value of a row. */
struct word_pair {
    const char *name;
    const char *value;
};

struct word_pairs {
    struct word_pair *items;
    size_t count;
};

/* The types by meaning. COLUMN_WORD is text of a closed set: text, an enum, a domain, a lookup table. */
enum column_type { COLUMN_UUID, COLUMN_TEXT, COLUMN_WORD, COLUMN_JSONB, COLUMN_TIMESTAMPTZ };

/* What a row gets that does not say. */
enum column_default { DEFAULT_NONE, DEFAULT_UUID, DEFAULT_OBJECT, DEFAULT_NOW };

/* A column that the table of interrupts has. */
struct wanted_column {
    const char *name;
    enum column_type type;
    bool nullable;
    enum column_default fallback;
};

/* An index that it has. */
struct wanted_index {
    const char *name;             /* for people: "pending by request" */
    struct words columns;         /* its first ones, in this order */
    struct word_pairs holds;      /* rows like this must be in it */
    struct word_pairs leaves_out; /* rows like this must not; empty: says nothing */
};

struct vocabulary {
    const char *fixtures; /* the folder that it was read from */
    struct words kinds, statuses, final_statuses, decisions;
    struct words interrupt_fields, response_fields;
    struct words envelope_fields, legacy_envelope_fields;
    struct word_pairs aliases; /* {"agent_review", "critic_review"} */
    struct words tables, legacy_tables;
    const char *table; /* "flow_interrupts" */
    struct wanted_column *columns;
    size_t column_count;
    struct words primary_key;
    struct wanted_index *indexes;
    size_t index_count;
    struct vocabulary_store *store; /* what everything is borrowed from; private */
};

/* Reads both files of a fixtures folder, held against their schemas. HP_INVALID names file, line and path;
 * HP_UNAVAILABLE: a file cannot be read. The caller frees *vocabulary. */
enum hp_status vocabulary_load(const char *fixtures, struct vocabulary **vocabulary,
                               struct hp_problem *problem);

/* Holds a document against the schema of that name in the folder: "ledger.json". Statuses as document_check and
 * document_read_schema. */
enum hp_status vocabulary_check(const struct vocabulary *vocabulary, const struct document *document,
                                const char *schema, struct hp_problem *problem);
void vocabulary_free(struct vocabulary *vocabulary); /* NULL is allowed */

#endif
