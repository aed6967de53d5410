/* One inspection of a database under way: its line, its report, what was found so far that explains the rest; and the two
 * ways to ask, for what must be answered and for what may be refused. */
#ifndef HOLDPOINT_DRIFT_INSPECTION_H
#define HOLDPOINT_DRIFT_INSPECTION_H

#include "harness/drift/catalog.h"
#include "harness/drift/database/database_check.h"

/* What follows `status` changes from table to table. Borrowed pointers. For one thread. */
struct inspection {
    struct catalog *catalog;
    const struct vocabulary *vocabulary;
    struct drift_report *report;
    struct hp_problem *problem;
    bool read_only;
    enum hp_status
        status;         /* HP_OK until something that must work did not; nothing is asked after that, nor when
                              report->failed */
    const char *schema; /* of the table that is looked at; NULL: none yet */
    const char *label;  /* that table, for people */
    bool widened;       /* its schema is in the search path */
    size_t blame;       /* the finding (from 1) of this table that other failures are put down to; 0: none */
    size_t disabled;    /* the finding (from 1) that triggers of this table are disabled; 0: none */
};

/* How a probe came out. */
enum probe_end {
    PROBE_YES,     /* carried out, and its question answered by true */
    PROBE_NO,      /* carried out, and its question answered by false or not at all */
    PROBE_REFUSED, /* refused by what guards values: a constraint, an enum, a trigger */
    PROBE_FAILED   /* refused for another reason: nothing follows */
};

enum { PROBE_WORDS_SIZE = 300 };

struct probe_outcome {
    enum probe_end end;
    char state[CATALOG_STATE_SIZE]; /* SQLSTATE; "" when it was carried out */
    char words[PROBE_WORDS_SIZE];   /* the server's words; "" likewise */
};

const struct drift_check *check_of(enum database_check check);

/* Asks what must be answered, with $1, which may be NULL. False, with inspection->status and ->problem set, when it is
 * not: HP_UNAVAILABLE when the line is lost or a lock is not given in time, else HP_INTERNAL. The caller releases answer in
 * every case; it has no rows then. */
bool inspection_read(struct inspection *inspection, const char *sql, const char *parameter,
                     struct catalog_answer *answer);

/* Runs the statements of script under a savepoint and goes back to it; the last one selects the boolean that is
 * the question. Where names that only the application's search path finds are missing (a trigger's function
 * uses them), the schema of the table joins the path for this and all later ones, and the script runs again. A script that
 * failed to be written is lack of memory. */
struct probe_outcome inspection_try(struct inspection *inspection, const struct text *script);

/* The same for one query whose rows matter: they are in *answer, which the caller releases. */
struct probe_outcome inspection_peek(struct inspection *inspection, const struct text *query,
                                     struct catalog_answer *answer);

/* Says that a check is undecided in the words of the outcome; or skipped, where a finding before explains it. */
void inspection_unknown(struct inspection *inspection, enum database_check check,
                        const struct probe_outcome *outcome);

/* Adds a finding and returns its number, from 1. Takes over the three texts and releases them; an empty mend is the
 * check's own. */
size_t inspection_find(struct inspection *inspection, enum database_check check, struct text *object,
                       struct text *mend, struct text *what);

/* Says that a check is skipped for a finding (from 1). */
void inspection_spare(struct inspection *inspection, enum database_check check, size_t finding);

/* True, and said to be skipped, when a disabled trigger may be why too much is accepted. */
bool inspection_excused(struct inspection *inspection, enum database_check check);

/* True for the SQLSTATEs of a lock that is not given in time, a statement that takes too long, and a deadlock: asking again
 * costs that time again. */
bool inspection_is_busy(const char *state);

/* Sets the time that a statement may take ("1s") until the end of the transaction. */
void inspection_limit(struct inspection *inspection, const char *time);

#endif
