/* A table of short texts with aligned columns: the first to the left, the others to the right. */
#ifndef HOLDPOINT_REPORT_GRID_H
#define HOLDPOINT_REPORT_GRID_H

#include "harness/report/paint.h"
#include "reference/base/text.h"

struct grid_cell {
    char *text;
    const char *color; /* one of a paint's, borrowed */
};

/* Zeroed but for `columns` it is empty. Cells are added row by row. Release with grid_release. */
struct grid {
    size_t columns;
    struct grid_cell *cells;
    size_t count;
    size_t room;
    bool failed; /* memory ran out */
};

void grid_init(struct grid *grid, size_t columns);
void grid_release(struct grid *grid);

/* Adds the next cell; format is printf's. Foreign text is made visible first (escape_terminal). */
void grid_add(struct grid *grid, const char *color, const char *format, ...) HP_PRINTF(3, 4);

/* Adds a count, or a pale dot for 0. */
void grid_add_count(struct grid *grid, const struct paint *paint, const char *color, size_t count);

/* Adds every row, each behind the indent, without blanks at line ends. */
void grid_print(const struct grid *grid, const char *indent, const struct paint *paint, struct text *out);

#endif
