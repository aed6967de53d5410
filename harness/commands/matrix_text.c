#include "harness/commands/matrix_text.h"

#include "harness/report/escape.h"
#include "harness/report/grid.h"

#include <stdlib.h>
#include <string.h>

enum { KILLERS_SHOWN = 2, CHAPTERS_MAX = 16, ID_COLUMNS = 44 };

/* The chapters of the selected cases, in their order. */
struct chapters {
    const char *names[CHAPTERS_MAX];
    size_t count;
};

static struct chapters find_chapters(const struct matrix *matrix) {
    struct chapters chapters = {0};
    for (size_t i = 0; i < matrix->case_count; i++) {
        const char *name = matrix->cases[i]->chapter;
        if ((chapters.count == 0 || strcmp(chapters.names[chapters.count - 1], name) != 0) &&
            chapters.count < CHAPTERS_MAX) {
            chapters.names[chapters.count++] = name;
        }
    }
    return chapters;
}

static size_t count_failing(const struct matrix *matrix, const struct matrix_row *row, const char *chapter) {
    size_t count = 0;
    for (size_t i = 0; i < matrix->case_count; i++) {
        count += row->marks[i] > MARK_PASSED && strcmp(matrix->cases[i]->chapter, chapter) == 0;
    }
    return count;
}

/* The first tied cases, or else the first that failed, and how many more there are. */
static void add_killers(struct text *out, const struct matrix *matrix, const struct matrix_row *row,
                        const char *quote) {
    unsigned char wanted = row->tied > 0 ? MARK_TIED : MARK_FAILED;
    size_t shown = 0, all = 0;
    for (size_t i = 0; i < matrix->case_count; i++) {
        if (row->marks[i] != wanted) {
            continue;
        }
        if (shown < KILLERS_SHOWN) {
            text_addf(out, "%s%s%s%s", shown > 0 ? ", " : "", quote, matrix->cases[i]->id, quote);
            shown++;
        }
        all++;
    }
    if (all > shown) {
        text_addf(out, " +%zu", all - shown);
    }
}

/* How a mutant ended, where it is not as it should be. */
static void add_fate(struct text *out, const struct matrix_row *row) {
    if (row->fate != FATE_KILLED) {
        text_addf(out, "%s ", fate_name(row->fate));
    }
    if (row->catastrophic) {
        text_addf(out, "(%zu fail) ", row->failing);
    }
}

static char *killers_of(const struct matrix *matrix, const struct matrix_row *row) {
    struct text text = {0};
    add_fate(&text, row);
    add_killers(&text, matrix, row, "");
    return text_take(&text);
}

static void add_row(struct grid *grid, const struct matrix *matrix, const struct matrix_row *row,
                    const struct chapters *chapters, const struct paint *paint) {
    grid_add(grid, "", "%s", row->mutant->id);
    grid_add(grid, "", "%s", row->mutant->requirement);
    for (size_t i = 0; i < chapters->count; i++) {
        grid_add_count(grid, paint, "", count_failing(matrix, row, chapters->names[i]));
    }
}

/* The number of the next row that is shown, from `at` on: what is out of reach says nothing. */
static size_t next_shown(const struct matrix *matrix, size_t at) {
    while (at < matrix->row_count && matrix->rows[at].fate == FATE_UNREACHABLE) {
        at++;
    }
    return at;
}

static void fill_grid(struct grid *grid, const struct matrix *matrix, const struct chapters *chapters,
                      const struct paint *paint) {
    grid_add(grid, "", "mutant");
    grid_add(grid, "", "breaks");
    for (size_t i = 0; i < chapters->count; i++) {
        grid_add(grid, "", "%s", chapters->names[i]);
    }
    for (size_t at = next_shown(matrix, 0); at < matrix->row_count; at = next_shown(matrix, at + 1)) {
        add_row(grid, matrix, &matrix->rows[at], chapters, paint);
    }
}

/* The killing cases stand behind the counts, as they are too long for a column. */
static void add_lines(struct text *out, const struct matrix *matrix, const char *lines) {
    size_t length = strcspn(lines, "\n");
    text_append(out, lines, length);
    text_add(out, "  killed by\n");
    for (size_t at = next_shown(matrix, 0); at < matrix->row_count && lines[length];
         at = next_shown(matrix, at + 1)) {
        lines += length + 1;
        length = strcspn(lines, "\n");
        char *killers = killers_of(matrix, &matrix->rows[at]);
        text_append(out, lines, length);
        text_addf(out, "  %s\n", killers ? killers : "");
        free(killers);
    }
}

static void add_table(struct text *out, const struct matrix *matrix, const struct chapters *chapters) {
    const struct paint *paint = paint_get(false);
    struct grid grid;
    struct text table = {0};
    grid_init(&grid, chapters->count + 2);
    fill_grid(&grid, matrix, chapters, paint);
    grid_print(&grid, "", paint, &table);
    add_lines(out, matrix, table.bytes ? table.bytes : "");
    out->failed = out->failed || grid.failed || table.failed;
    text_release(&table);
    grid_release(&grid);
}

static size_t count_fates(const struct matrix *matrix, enum fate fate) {
    size_t count = 0;
    for (size_t i = 0; i < matrix->row_count; i++) {
        count += matrix->rows[i].fate == fate;
    }
    return count;
}

/* Cases that can be run, and those among them that kill. */
static void count_cases(const struct matrix *matrix, size_t *run, size_t *kill, size_t *excused) {
    *run = *kill = *excused = 0;
    for (size_t i = 0; i < matrix->case_count; i++) {
        bool runs = false;
        for (size_t base = 0; base < matrix->base_count; base++) {
            runs = runs || matrix->bases[base].marks[i] == MARK_PASSED;
        }
        *run += runs;
        *kill += runs && matrix->kills[i] > 0;
        *excused += runs && matrix->kills[i] == 0 && matrix->cases[i]->kills_nothing;
    }
}

static void add_sum(struct text *out, const struct matrix *matrix) {
    size_t run, kill, excused, catastrophic = 0;
    count_cases(matrix, &run, &kill, &excused);
    for (size_t i = 0; i < matrix->row_count; i++) {
        catastrophic += matrix->rows[i].catastrophic;
    }
    text_addf(
        out,
        "%zu mutants: %zu killed by tied cases, %zu by others only, %zu survived, %zu out of reach, %zu "
        "broken; %zu fail more than a tenth of the cases and count for no case's kill\n",
        matrix->row_count, count_fates(matrix, FATE_KILLED), count_fates(matrix, FATE_UNTIED),
        count_fates(matrix, FATE_SURVIVED), count_fates(matrix, FATE_UNREACHABLE),
        count_fates(matrix, FATE_BROKEN), catastrophic);
    text_addf(
        out,
        "%zu cases selected, %zu can be run: %zu kill a mutant, %zu say why they kill none, %zu kill none\n",
        matrix->case_count, run, kill, excused, run - kill - excused);
    if (matrix->waiting_count > 0) {
        text_addf(out, "%zu more mutants wait for cases of the chapter that judges them\n",
                  matrix->waiting_count);
    }
}

void matrix_add_text(struct text *out, const struct matrix *matrix) {
    struct chapters chapters = find_chapters(matrix);
    add_table(out, matrix, &chapters);
    text_add(out, "\n");
    for (size_t i = 0; i < matrix->complaint_count; i++) {
        text_addf(out, "%s\n", matrix->complaints[i]);
    }
    text_add(out, matrix->complaint_count > 0 ? "\n" : "");
    add_sum(out, matrix);
    text_addf(out, "%s, %.1f s\n",
              matrix->complaint_count == 0 ? "no false alarm, nothing to mend" : "to be mended",
              (double)matrix->duration_us / 1e6);
}

static void add_markdown_row(struct text *out, const struct matrix *matrix, const struct matrix_row *row,
                             const struct chapters *chapters) {
    const struct mutant *mutant = row->mutant;
    text_addf(out, "| `%s` | %s |", mutant->id, mutant->requirement);
    for (size_t i = 0; i < json_array_size(mutant->findings); i++) {
        text_addf(out, " %s", json_string_value(json_array_get(mutant->findings, i)));
    }
    text_add(out, " | ");
    escape_markdown(out, mutant->sentence);
    text_add(out, " |");
    for (size_t i = 0; i < chapters->count; i++) {
        size_t count = count_failing(matrix, row, chapters->names[i]);
        text_addf(out, count > 0 ? " %zu |" : " |", count);
    }
    text_add(out, " ");
    add_fate(out, row);
    add_killers(out, matrix, row, "`");
    text_add(out, " |\n");
}

void matrix_add_markdown(struct text *out, const struct matrix *matrix) {
    struct chapters chapters = find_chapters(matrix);
    text_add(out, "# Mutants and the cases that kill them\n\n");
    add_sum(out, matrix);
    for (size_t i = 0; i < matrix->complaint_count; i++) {
        text_addf(out, "%s- %s\n", i == 0 ? "\nTo be mended:\n\n" : "", matrix->complaints[i]);
    }
    text_add(out, "\nA number is how many cases of the chapter fail on the mutant.\n\n| mutant | breaks | "
                  "findings | fault |");
    for (size_t i = 0; i < chapters.count; i++) {
        text_addf(out, " %s |", chapters.names[i]);
    }
    text_add(out, " killed by |\n|---|---|---|---|");
    for (size_t i = 0; i < chapters.count; i++) {
        text_add(out, "---|");
    }
    text_add(out, "---|\n");
    for (size_t i = 0; i < matrix->row_count; i++) {
        add_markdown_row(out, matrix, &matrix->rows[i], &chapters);
    }
}

void mutants_add_list(struct text *out, const struct mutants *mutants) {
    for (size_t i = 0; i < mutants->count; i++) {
        const struct mutant *mutant = &mutants->items[i];
        text_addf(out, "%-*s  %-8s  %-14s  %s\n", ID_COLUMNS, mutant->id, mutant_where_name(mutant->where),
                  mutant->requirement, mutant->sentence);
    }
}
