/* Where a person reads a report: its colours and its width. */
#ifndef HOLDPOINT_REPORT_SCREEN_H
#define HOLDPOINT_REPORT_SCREEN_H

#include "harness/report/paint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { SCREEN_COLUMNS_MIN = 60, SCREEN_COLUMNS_DEFAULT = 100, SCREEN_COLUMNS_MAX = 160 };

struct screen {
    const struct paint *paint;
    size_t columns;
};

/* True when `out` is a terminal that obeys escape sequences: not where TERM is dumb. */
bool screen_obeys(FILE *out);

/* True when `out` is to be in colours: it obeys, and nobody says no, by --no-color (`unwanted`) or by NO_COLOR. */
bool screen_has_color(FILE *out, bool unwanted);

/* The width of the window that `out` is shown in; when it is no terminal, that of the environment's COLUMNS;
 * without either SCREEN_COLUMNS_DEFAULT. Held between SCREEN_COLUMNS_MIN and SCREEN_COLUMNS_MAX. */
size_t screen_columns(FILE *out);

#endif
