/* The operations of one interrupt, drawn on a line of time for a terminal. ASCII only, but for names, which are written as they
 * are: all but their line ends, so that a row stays a row. */
#ifndef HOLDPOINT_LAB_TIMELINE_H
#define HOLDPOINT_LAB_TIMELINE_H

#include "harness/lab/judgement.h"

enum { TIMELINE_COLUMNS = 48, TIMELINE_ROWS_MAX = 40 };

/* One operation in words: "client 3  respond by 3 -> ok  +26 ns .. +75.926 us"; times from start_ns on. */
bool timeline_add_operation(struct text *text, const struct history *history,
                            const struct operation *operation, int64_t start_ns);

/* Adds one row an operation, [==] from its call to its return, [==> for a lost one, with a * before those of the
 * judgement. Of a key with more than TIMELINE_ROWS_MAX operations, the rows around those; what is left out is counted.
 * Each line begins with the indent. False when the text has failed. */
bool timeline_add(struct text *text, const struct history *history, size_t key,
                  const struct judgement *judgement, const char *indent);

#endif
