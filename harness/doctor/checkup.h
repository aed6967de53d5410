/* What an examination of an adapter comes to: a row for each check, in the order in which they are shown.
 *
 * For one thread at a time. Texts are UTF-8, but may hold control characters that an adapter sent: whoever
 * prints them escapes them. */
#ifndef HOLDPOINT_DOCTOR_CHECKUP_H
#define HOLDPOINT_DOCTOR_CHECKUP_H

#include "reference/base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum check_state {
    CHECK_NOT_TRIED, /* the note says why */
    CHECK_OK,        /* the note, if any, says what is remarkable */
    CHECK_FAILS,     /* did, expected and mend say the rest */
    CHECK_STATE_COUNT
};

/* "not tried", "ok", "fails". */
const char *check_state_name(enum check_state state);

/* One check. All texts are owned; those that do not belong to the state are NULL. */
struct check_row {
    char *id;    /* "flush"; an id names one check for ever */
    char *title; /* what must hold, as a sentence without its subject: "repeats the nonce" */
    enum check_state state;
    char *note;
    char *did;      /* what the adapter did */
    char *expected; /* what it was to do */
    char *mend;     /* what to change, and how */
};

/* Zeroed it holds nothing; release with checkup_release. */
struct checkup {
    char *target; /* as the command line names it */
    char *who;    /* "my service 1.0, Python; 5 capabilities, 1 endpoint"; NULL: it never said */
    struct check_row *rows;
    size_t count;
    char *log;     /* the end of what it wrote to its stderr; NULL when nothing */
    char *by_hand; /* a line for a shell that shows what it answers to a hello; NULL: there is no such line */
    char *next;    /* what to do now */
    bool hurried;  /* the time was up, and therefore something was not tried */
    bool failed;   /* memory ran out, and something is missing here: the checkup is worthless */
};

void checkup_release(struct checkup *checkup);

/* Adds a row that was not tried yet. */
void checkup_add(struct checkup *checkup, const char *id, const char *title);

/* The row of that id, which must be there; borrowed until the next checkup_add. NULL only when memory ran out
 * over adding it. */
const struct check_row *checkup_row(const struct checkup *checkup, const char *id);

/* Says what came of a check. A fault is never taken back, and the first one is kept; ok stands against a
 * later "not tried". note is printf's and may be NULL: nothing to say. */
void checkup_pass(struct checkup *checkup, const char *id, const char *note, ...) HP_PRINTF(3, 4);
void checkup_skip(struct checkup *checkup, const char *id, const char *why, ...) HP_PRINTF(3, 4);
void checkup_fail(struct checkup *checkup, const char *id, const char *expected, const char *mend,
                  const char *did, ...) HP_PRINTF(5, 6);

/* How many rows are in a state. */
size_t checkup_count(const struct checkup *checkup, enum check_state state);

/* What all of it comes to. What was not tried for want of time may be a fault, so there is no health without it. */
enum checkup_end { CHECKUP_HEALTHY, CHECKUP_FAULTY, CHECKUP_UNDECIDED };

enum checkup_end checkup_conclude(const struct checkup *checkup);

/* "healthy", "faulty", "undecided". */
const char *checkup_end_name(enum checkup_end end);

#endif
