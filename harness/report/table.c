#include "harness/report/table.h"
#include "harness/report/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_SIZE = 256, GAP_COLUMNS = 2 };

void table_init(struct table *table, size_t columns) {
    *table = (struct table){.columns = columns};
}

void table_release(struct table *table) {
    for (size_t i = 0; i < table->count; i++) {
        free(table->cells[i].text);
    }
    free(table->cells);
    table_init(table, table->columns);
}

static bool table_reserve(struct table *table) {
    if (table->count < table->room) {
        return true;
    }
    size_t room = table->room ? 2 * table->room : 32;
    struct table_cell *cells = realloc(table->cells, room * sizeof *cells);
    if (!cells) {
        table->failed = true;
        return false;
    }
    table->cells = cells;
    table->room = room;
    return true;
}

void table_add(struct table *table, const char *color, const char *format, ...) {
    char plain[CELL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(plain, sizeof plain, format, arguments);
    va_end(arguments);
    text_trim_partial(plain);
    struct text visible = {0};
    escape_terminal(&visible, plain);
    char *text = text_take(&visible);
    if (!text || !table_reserve(table)) {
        table->failed = true;
        free(text);
        return;
    }
    table->cells[table->count++] = (struct table_cell){text, color};
}

void table_add_count(struct table *table, const struct paint *paint, const char *color, size_t count) {
    if (count == 0) {
        table_add(table, paint->dim, ".");
    } else {
        table_add(table, color, "%zu", count);
    }
}

static size_t cell_columns(const struct table_cell *cell) {
    return text_count_code_points(cell->text, strlen(cell->text));
}

static size_t column_width(const struct table *table, size_t column) {
    size_t width = 0;
    for (size_t i = column; i < table->count; i += table->columns) {
        size_t columns = cell_columns(&table->cells[i]);
        width = columns > width ? columns : width;
    }
    return width;
}

static void print_cell(const struct table *table, size_t index, const struct paint *paint, struct text *out) {
    const struct table_cell *cell = &table->cells[index];
    size_t column = index % table->columns;
    int blanks = (int)(column_width(table, column) - cell_columns(cell));
    bool last = column + 1 == table->columns;
    int before = column == 0 ? 0 : blanks + GAP_COLUMNS;
    int behind = column == 0 && !last ? blanks : 0;
    const char *end = *cell->color ? paint->plain : "";
    text_addf(out, "%*s%s%s%s%*s%s", before, "", cell->color, cell->text, end, behind, "", last ? "\n" : "");
}

void table_print(const struct table *table, const char *indent, const struct paint *paint, struct text *out) {
    for (size_t i = 0; i < table->count; i++) {
        if (i % table->columns == 0) {
            text_add(out, indent);
        }
        print_cell(table, i, paint, out);
    }
    out->failed = out->failed || table->failed;
}
