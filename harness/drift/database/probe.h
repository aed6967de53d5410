/* Rows that are put into the table and taken out again, to see what it accepts. A probe touches only the row that it put
 * there, under a savepoint. */
#ifndef HOLDPOINT_DRIFT_PROBE_H
#define HOLDPOINT_DRIFT_PROBE_H

#include "harness/drift/database/candidates.h"
#include "harness/drift/database/relation.h"

enum {
    PROBE_VARIANTS =
        3, /* how the columns that may be null are filled: null; something; and a time to expire too */
    PROBE_STATUSES_MAX = 16,
    PROBE_VALUES_MAX = 3
};

/* The table under probe, and what is known to go in. Zeroed but for the first three. Release nothing. */
struct probe {
    struct inspection *inspection;
    const struct relation *relation;
    const struct candidates *candidates;
    char seed[37];             /* a random UUID; the ids of rows share its head */
    size_t serial;             /* of the last row */
    const char *kind, *status; /* words that go in; borrowed from the candidates */
    unsigned variant;          /* that they go in by */
    const char *picky;         /* a kind that goes in by another variant only; NULL: none */
    bool stepwise;             /* only pending rows go in, and become something else by an update */
    int reach
        [PROBE_STATUSES_MAX]; /* for each status of the vocabulary: the variant that it goes in by; -1: not at all */
    bool idless;              /* rows are found by another column than the id */
};

/* A column with its value as SQL. */
struct probe_value {
    const char *column, *sql;
};

/* A row that differs from the plain one. What is NULL or 0 is as the table is known to take it; response and resolved_at are as
 * the status asks for. */
struct probe_row {
    const char *kind, *status; /* words */
    struct probe_value values[PROBE_VALUES_MAX];
    size_t value_count;
};

/* The status of answered rows. */
extern const char probe_resolved[];

/* A response as SQL, with a value in each of its members. */
extern const char probe_response_sql[];

/* The first status that is not final. */
const char *probe_pending(const struct probe *probe);

/* True when rows are found by their id, so that every other column is free to vary. */
bool probe_has_id(const struct probe *probe);

/* Draws the seed, and finds words and a variant that go in. PROBE_YES, or why no row does. */
struct probe_outcome probe_begin(struct probe *probe);

/* Puts the row in and asks whether it is there and condition (SQL over its columns; NULL: always) holds on it. Each variant is
 * tried until one answers yes, and *variant is that; may be NULL. Else the outcome is that of the variant known to go
 * in. */
struct probe_outcome probe_put(struct probe *probe, const struct probe_row *row, const char *condition,
                               unsigned *variant);

/* Puts in a row, which is known to go in, by the variant, changes it by "set CHANGES", and asks condition of it. */
struct probe_outcome probe_change(struct probe *probe, const struct probe_row *row, unsigned variant,
                                  const char *changes, const char *condition);

/* Puts the row in several times, at least one of its columns said to be DEFAULT, and asks question, a boolean over all
 * of them ("count(distinct id) = 2"). The rows are found by request_id. */
struct probe_outcome probe_repeat(struct probe *probe, const struct probe_row *row, size_t times,
                                  const char *question);

#endif
