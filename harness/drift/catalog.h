/* The drift checks' line to a database: statements with their answers, whatever the database is. What the
 * server refuses is an answer too, with its SQLSTATE: a probe lives from it. */
#ifndef HOLDPOINT_DRIFT_CATALOG_H
#define HOLDPOINT_DRIFT_CATALOG_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* One connection, for one thread at a time. */
struct catalog;

enum catalog_end {
    CATALOG_DONE,    /* carried out */
    CATALOG_REFUSED, /* the server said no: state and message say why */
    CATALOG_LOST,    /* no answer: the connection broke, or memory ran out; message says which */
};

enum { CATALOG_STATE_SIZE = 6, CATALOG_PARAMETERS_MAX = 8 };

/* What came of a statement. Zeroed it holds nothing; release with catalog_answer_release. */
struct catalog_answer {
    enum catalog_end end;
    size_t row_count, column_count;
    size_t affected;                /* rows that were inserted, updated, deleted */
    char state[CATALOG_STATE_SIZE]; /* SQLSTATE of a refusal: "23514"; else "" */
    const char *message;            /* of a refusal or loss, without the position; "" else; borrowed */
    size_t position;                /* where in the text, in characters from 1; 0: not known */
    void *result;                   /* what it is borrowed from; private */
};

/* Connects, with a bound of 10 s for it, UTF-8 as the encoding, and the name "holdpoint drift". HP_UNAVAILABLE in libpq's
 * words. The caller closes *catalog. */
enum hp_status catalog_open(const char *conninfo, struct catalog **catalog, struct hp_problem *problem);
void catalog_close(struct catalog *catalog); /* NULL is allowed */

/* The name of the database, and the server's version as a number (150004); borrowed. */
const char *catalog_database(const struct catalog *catalog);
int catalog_version(const struct catalog *catalog);

/* Runs the text as it is, also several statements (then in one transaction of their own unless the text says
 * otherwise; the answer is the last one's). The answer is released before it is filled in. */
enum catalog_end catalog_run(struct catalog *catalog, const char *sql, struct catalog_answer *answer);

/* Runs one statement with parameters $1.. as text, NULL for null; at most CATALOG_PARAMETERS_MAX. */
enum catalog_end catalog_ask(struct catalog *catalog, const char *sql, const char *const *parameters,
                             size_t parameter_count, struct catalog_answer *answer);

/* Runs COPY .. FROM stdin with its rows. */
enum catalog_end catalog_copy(struct catalog *catalog, const char *sql, const char *rows,
                              struct catalog_answer *answer);

/* True while a transaction is open, also a failed one. */
bool catalog_in_transaction(const struct catalog *catalog);

/* One value; NULL for null. Borrowed from the answer. */
const char *catalog_value(const struct catalog_answer *answer, size_t row, size_t column);
/* True for SQL's true. */
bool catalog_true(const struct catalog_answer *answer, size_t row, size_t column);

void catalog_answer_release(struct catalog_answer *answer);

/* Records that a statement which must work did not: HP_UNAVAILABLE when the line is lost, else HP_INTERNAL, with the
 * server's words. */
enum hp_status catalog_complain(const struct catalog_answer *answer, struct hp_problem *problem);

/* Adds a name, quoted where SQL asks for it, and a text as a literal. */
void catalog_add_name(struct text *sql, const char *name);
void catalog_add_literal(struct text *sql, const char *string);

#endif
