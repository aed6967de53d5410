#include "harness/report/grid.h"
#include "harness/report/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_SIZE = 256, GAP_COLUMNS = 2 };

void grid_init(struct grid *grid, size_t columns) {
    *grid = (struct grid){.columns = columns};
}

void grid_release(struct grid *grid) {
    for (size_t i = 0; i < grid->count; i++) {
        free(grid->cells[i].text);
    }
    free(grid->cells);
    grid_init(grid, grid->columns);
}

static bool grid_reserve(struct grid *grid) {
    if (grid->count < grid->room) {
        return true;
    }
    size_t room = grid->room ? 2 * grid->room : 32;
    struct grid_cell *cells = realloc(grid->cells, room * sizeof *cells);
    if (!cells) {
        grid->failed = true;
        return false;
    }
    grid->cells = cells;
    grid->room = room;
    return true;
}

void grid_add(struct grid *grid, const char *color, const char *format, ...) {
    char plain[CELL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(plain, sizeof plain, format, arguments);
    va_end(arguments);
    text_trim_partial(plain);
    struct text visible = {0};
    escape_terminal(&visible, plain);
    char *text = text_take(&visible);
    if (!text || !grid_reserve(grid)) {
        grid->failed = true;
        free(text);
        return;
    }
    grid->cells[grid->count++] = (struct grid_cell){text, color};
}

void grid_add_count(struct grid *grid, const struct paint *paint, const char *color, size_t count) {
    if (count == 0) {
        grid_add(grid, paint->dim, ".");
    } else {
        grid_add(grid, color, "%zu", count);
    }
}

static size_t cell_columns(const struct grid_cell *cell) {
    return text_count_code_points(cell->text, strlen(cell->text));
}

static size_t column_width(const struct grid *grid, size_t column) {
    size_t width = 0;
    for (size_t i = column; i < grid->count; i += grid->columns) {
        size_t columns = cell_columns(&grid->cells[i]);
        width = columns > width ? columns : width;
    }
    return width;
}

static void print_cell(const struct grid *grid, size_t index, const struct paint *paint, struct text *out) {
    const struct grid_cell *cell = &grid->cells[index];
    size_t column = index % grid->columns;
    int blanks = (int)(column_width(grid, column) - cell_columns(cell));
    bool last = column + 1 == grid->columns;
    int before = column == 0 ? 0 : blanks + GAP_COLUMNS;
    int behind = column == 0 && !last ? blanks : 0;
    const char *end = *cell->color ? paint->plain : "";
    text_addf(out, "%*s%s%s%s%*s%s", before, "", cell->color, cell->text, end, behind, "", last ? "\n" : "");
}

void grid_print(const struct grid *grid, const char *indent, const struct paint *paint, struct text *out) {
    for (size_t i = 0; i < grid->count; i++) {
        if (i % grid->columns == 0) {
            text_add(out, indent);
        }
        print_cell(grid, i, paint, out);
    }
    out->failed = out->failed || grid->failed;
}
