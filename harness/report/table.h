/* A table of short texts with aligned columns: the first to the left, the others to the right. */
#ifndef HOLDPOINT_REPORT_TABLE_H
#define HOLDPOINT_REPORT_TABLE_H

#include "harness/report/paint.h"
#include "reference/base/text.h"

struct table_cell {
    char *text;
    const char *color; /* one of a paint's, borrowed */
};

/* Zeroed but for `columns` it is empty. Cells are added row by row. Release with table_release. */
struct table {
    size_t columns;
    struct table_cell *cells;
    size_t count;
    size_t room;
    bool failed; /* memory ran out */
};

void table_init(struct table *table, size_t columns);
void table_release(struct table *table);

/* Adds the next cell; format is printf's. Foreign text is made visible first (escape_terminal). */
void table_add(struct table *table, const char *color, const char *format, ...) HP_PRINTF(3, 4);

/* Adds a count, or a pale dot for 0. */
void table_add_count(struct table *table, const struct paint *paint, const char *color, size_t count);

/* Adds every row, each behind the indent, without blanks at line ends. */
void table_print(const struct table *table, const char *indent, const struct paint *paint, struct text *out);

#endif
