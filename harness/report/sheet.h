/* What a reporter is writing: text that is composed in memory and flushed to a file, with one flag for
 * everything that went wrong, so that it is checked once, when the reporter is closed. */
#ifndef HOLDPOINT_REPORT_SHEET_H
#define HOLDPOINT_REPORT_SHEET_H

#include "reference/base/text.h"

#include <stdio.h>

struct sheet {
    FILE *out;        /* borrowed */
    struct text text; /* not yet written */
    bool failed;      /* memory ran out or a write failed, now or earlier */
};

void sheet_init(struct sheet *sheet, FILE *out);

/* Writes what was composed and empties the text. */
void sheet_flush(struct sheet *sheet);

/* Writes what was composed and flushes the file. True when nothing ever failed. */
bool sheet_settle(struct sheet *sheet);

/* Writes the rest, flushes the file, and releases the text. True when nothing ever failed. */
bool sheet_close(struct sheet *sheet);

#endif
