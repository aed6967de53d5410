/* What drift checks find: a report has a row for each check, and the findings of those that failed.
 *
 * A report is for one thread at a time. Texts are UTF-8 as they came from a database or a file: whoever prints
 * them escapes them. */
#ifndef HOLDPOINT_DRIFT_FINDING_H
#define HOLDPOINT_DRIFT_FINDING_H

#include "reference/base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum drift_severity {
    DRIFT_ERROR,   /* answers or rows go wrong */
    DRIFT_WARNING, /* nothing goes wrong yet, or only somebody who reads is misled */
    DRIFT_NOTE,    /* worth knowing; does not fail anything */
};

const char *drift_severity_name(enum drift_severity severity);

/* One thing that is looked at. Static text. */
struct drift_check {
    const char *id;    /* "kind-refused"; an id names one check for ever */
    const char *title; /* what must hold, as a sentence without its full stop */
    enum drift_severity severity;
    const char *audit;       /* the finding of the audit that it repeats: "F13"; NULL: none */
    const char *requirement; /* "REQ-TABLE-5" */
    const char *mend;        /* what to do, when a finding has no words of its own */
};

/* How sure a finding is. */
enum drift_confidence {
    DRIFT_UNSAID,  /* as sure as what was looked at */
    DRIFT_CERTAIN, /* what stands there says so by itself */
    DRIFT_LIKELY,  /* told from names and from what stands together */
    DRIFT_GUESS,   /* there are good reasons to write it so */
};

/* NULL for DRIFT_UNSAID. */
const char *drift_confidence_name(enum drift_confidence confidence);

enum drift_state {
    DRIFT_SKIPPED,   /* not looked at: something else must be mended first */
    DRIFT_CLEAN,     /* looked at, and nothing found */
    DRIFT_FOUND,     /* has findings */
    DRIFT_UNDECIDED, /* could not be decided; never a pass */
    DRIFT_STATE_COUNT
};

const char *drift_state_name(enum drift_state state);

/* Where something is: an object of a database ("public.flow_interrupts.kind"), or a file with the line, from
 * 1; 0: the whole file. Members that do not apply are NULL. */
struct drift_place {
    const char *object;
    const char *file;
    size_t line;
};

/* One finding; owned texts. */
struct drift_finding {
    const struct drift_check *check;
    char *object, *file; /* as in struct drift_place */
    size_t line;
    char *what; /* a sentence with its full stop */
    char *mend; /* the same; often SQL */
    enum drift_confidence confidence;
};

/* One check of this report. */
struct drift_row {
    const struct drift_check *check;
    enum drift_state state;
    bool waived;  /* undecided, and no fault: the user asked not to try what decides it */
    char *reason; /* owned: why it is skipped or undecided; NULL for the other states, or when nobody said */
};

/* Zeroed it holds nothing; release with drift_report_release. */
struct drift_report {
    char *subject; /* "the database flows, schema public"; owned, may be NULL */
    struct drift_row *rows;
    size_t row_count;
    struct drift_finding *findings; /* in the order in which they were found */
    size_t finding_count;
    bool failed; /* memory ran out, and something is missing here: the report is worthless */
};

/* Begins a report with a row for each check, all skipped. The checks are borrowed. On lack of memory
 * report->failed is set. */
void drift_report_init(struct drift_report *report, const struct drift_check *checks, size_t count);
/* Adds a row for each of further checks, all skipped. */
void drift_report_extend(struct drift_report *report, const struct drift_check *checks, size_t count);
void drift_report_release(struct drift_report *report);

/* Adds a finding of a check of this report. place may be NULL; mend NULL: the check's own. what is printf's.
 * */
void drift_find(struct drift_report *report, const struct drift_check *check, const struct drift_place *place,
                const char *mend, const char *what, ...) HP_PRINTF(5, 6);

/* Says how sure the latest finding is. */
void drift_sure(struct drift_report *report, enum drift_confidence confidence);

/* Says that a check was looked at: clean, unless it has findings, is undecided, or was skipped for a reason (one of several
 * objects was looked at then, another was not). */
void drift_examined(struct drift_report *report, const struct drift_check *check);

/* Says why a check could not be decided, or was not looked at. The first reason stays; what was found stays, and skipped never
 * hides undecided. */
void drift_undecided(struct drift_report *report, const struct drift_check *check, const char *reason, ...)
    HP_PRINTF(3, 4);
/* The same for a check that the user asked not to try (reading only). What is undecided for any other reason, before or
 * after, stays a fault, and its reason is the one that is kept. */
void drift_waived(struct drift_report *report, const struct drift_check *check, const char *reason, ...)
    HP_PRINTF(3, 4);
void drift_skipped(struct drift_report *report, const struct drift_check *check, const char *reason, ...)
    HP_PRINTF(3, 4);

/* The state of one check. */
enum drift_state drift_state_of(const struct drift_report *report, const struct drift_check *check);

/* How many checks are in a state. */
size_t drift_count(const struct drift_report *report, enum drift_state state);

/* What the report comes to. */
enum drift_conclusion {
    DRIFT_CONFORMS, /* no error and no warning, and everything decided that was asked for */
    DRIFT_DRIFTS,   /* an error or a warning */
    DRIFT_OPEN,     /* neither, but something that was asked for could not be decided */
};
enum drift_conclusion drift_conclude(const struct drift_report *report);

#endif
