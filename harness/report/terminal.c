/* The report for a person: progress while it runs; then tables, failures, and the sum. */
#include "harness/case/case.h"
#include "harness/report/escape.h"
#include "harness/report/sheet.h"
#include "harness/report/terminal_failure.h"
#include "harness/report/terminal_parity.h"
#include "harness/report/terminal_tables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FAILURES_SHOWN = 20, PROGRESS_COLUMNS = 72, PROGRESS_INTERVAL_US = 50000 };

/* How far a chapter is on the current target. */
struct progress_chapter {
    const char *name;
    size_t size;
    size_t done;
    size_t not_run; /* of those */
    size_t failures;
};

struct terminal {
    struct reporter reporter;
    struct sheet sheet;
    struct summaries summaries;
    const struct run_header *header;
    struct screen screen;
    const struct parity *parity; /* NULL: nothing was compared */
    bool progress;               /* one line rewritten in place; else a line for each chapter */
    bool line_shown;             /* that line is on the screen */
    int64_t shown_us;
    size_t done; /* of the current target; cases that were not run are none */
    size_t failures;
    struct progress_chapter *chapters;
    size_t chapter_count;
    size_t chapter_now; /* where the last result was counted: mostly the next one belongs there too */
};

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The selected cases are sorted by chapter. */
static void collect_chapters(struct terminal *terminal, const struct run_header *header) {
    terminal->chapters = calloc(header->selected + 1, sizeof *terminal->chapters);
    if (!terminal->chapters) {
        terminal->sheet.failed = true;
        return;
    }
    for (size_t i = 0; i < header->selected; i++) {
        const char *name = header->cases[i]->chapter;
        if (i == 0 || strcmp(header->cases[i - 1]->chapter, name) != 0) {
            terminal->chapters[terminal->chapter_count++].name = name;
        }
        terminal->chapters[terminal->chapter_count - 1].size++;
    }
}

static void terminal_begin(struct reporter *reporter, const struct run_header *header) {
    struct terminal *terminal = (struct terminal *)reporter;
    terminal->header = header;
    collect_chapters(terminal, header);
    struct text *out = &terminal->sheet.text;
    text_addf(out, "%sholdpoint%s  %zu cases", terminal->screen.paint->bold, terminal->screen.paint->plain,
              header->selected);
    if (header->shard.count > 0) {
        text_addf(out, " (part %u of %u of %zu)", header->shard.index, header->shard.count,
                  header->selection_count);
    }
    text_addf(out, ", suite %.12s, seed %" PRIu64 "\n", header->suite_digest, header->seed);
}

static void add_identity(struct text *out, const struct hello *hello) {
    escape_terminal(out, hello->name);
    if (hello->version && *hello->version) {
        text_add_byte(out, ' ');
        escape_terminal(out, hello->version);
    }
    if (hello->language && *hello->language) {
        text_add(out, " (");
        escape_terminal(out, hello->language);
        text_add_byte(out, ')');
    }
}

static void terminal_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                                  const char *down) {
    struct terminal *terminal = (struct terminal *)reporter;
    struct text *out = &terminal->sheet.text;
    char label[TARGET_LABEL_SIZE];
    target_label_put(label, terminal->header, target);
    text_add(out, "\n");
    if (terminal->header->target_count > 1 && strcmp(label, target) != 0) {
        text_addf(out, "%s = ", label);
    }
    text_add(out, terminal->screen.paint->bold);
    escape_terminal(out, target);
    text_addf(out, "%s  ", terminal->screen.paint->plain);
    if (down) {
        text_addf(out, "%scannot be reached:%s ", terminal->screen.paint->bad, terminal->screen.paint->plain);
        escape_terminal(out, down_reason(down, target));
    } else if (hello) {
        add_identity(out, hello);
    }
    text_add_byte(out, '\n');
    terminal->done = 0;
    terminal->failures = 0;
    for (size_t i = 0; i < terminal->chapter_count; i++) {
        struct progress_chapter *chapter = &terminal->chapters[i];
        chapter->done = chapter->not_run = chapter->failures = 0;
    }
    sheet_flush(&terminal->sheet);
    fflush(terminal->sheet.out);
}

/* Takes the progress line off the screen. */
static void erase_progress(struct terminal *terminal) {
    if (terminal->line_shown) {
        text_add(&terminal->sheet.text, "\r\x1b[K");
        terminal->line_shown = false;
    }
}

static void show_progress(struct terminal *terminal, const struct case_result *result) {
    int64_t now_us = monotonic_us();
    if (terminal->line_shown && now_us - terminal->shown_us < PROGRESS_INTERVAL_US) {
        return;
    }
    erase_progress(terminal);
    struct text *out = &terminal->sheet.text;
    text_addf(out, "  %zu/%zu  ", terminal->done, terminal->header->selected);
    if (terminal->failures > 0) {
        text_addf(out, "%s%zu not passed%s  ", terminal->screen.paint->bad, terminal->failures,
                  terminal->screen.paint->plain);
    }
    text_addf(out, "%.*s", PROGRESS_COLUMNS, result->test_case->chapter);
    sheet_flush(&terminal->sheet);
    fflush(terminal->sheet.out);
    terminal->line_shown = true;
    terminal->shown_us = now_us;
}

/* The chapter of that name; NULL when none was selected. */
static struct progress_chapter *find_chapter(struct terminal *terminal, const char *name) {
    for (size_t i = 0; i < terminal->chapter_count; i++) {
        size_t at = (terminal->chapter_now + i) % terminal->chapter_count;
        if (strcmp(terminal->chapters[at].name, name) == 0) {
            terminal->chapter_now = at;
            return &terminal->chapters[at];
        }
    }
    return NULL;
}

/* Without resets the cases run by time, chapters mixed: a chapter's line comes when its last case is done. */
static void count_chapter(struct terminal *terminal, const struct case_result *result) {
    struct progress_chapter *chapter = find_chapter(terminal, result->test_case->chapter);
    if (!chapter) {
        return;
    }
    chapter->failures += !verdict_conforms(result->verdict);
    chapter->not_run += result->verdict == VERDICT_NOT_RUN;
    if (++chapter->done != chapter->size) {
        return;
    }
    struct text *out = &terminal->sheet.text;
    if (chapter->not_run > 0) {
        text_addf(out, "  %s: %zu of %zu run", chapter->name, chapter->size - chapter->not_run,
                  chapter->size);
    } else {
        text_addf(out, "  %s: %zu done", chapter->name, chapter->size);
    }
    if (chapter->failures > 0) {
        text_addf(out, ", %zu not passed", chapter->failures);
    }
    text_add_byte(out, '\n');
    sheet_flush(&terminal->sheet);
    fflush(terminal->sheet.out);
}

static void terminal_case_done(struct reporter *reporter, const char *target,
                               const struct case_result *result) {
    (void)target;
    struct terminal *terminal = (struct terminal *)reporter;
    terminal->done += result->verdict != VERDICT_NOT_RUN;
    terminal->failures += !verdict_conforms(result->verdict);
    if (terminal->progress) {
        show_progress(terminal, result);
    } else {
        count_chapter(terminal, result);
    }
}

static void terminal_target_end(struct reporter *reporter, const struct target_summary *summary) {
    struct terminal *terminal = (struct terminal *)reporter;
    erase_progress(terminal);
    summaries_add(&terminal->summaries, summary);
    sheet_flush(&terminal->sheet);
}

/* The label when there are several targets, else NULL. */
static const char *label_of(const struct terminal *terminal, const struct target_summary *summary,
                            char label[TARGET_LABEL_SIZE]) {
    target_label_put(label, terminal->header, summary->target);
    return terminal->header->target_count > 1 ? label : NULL;
}

/* A null fails by nature and a dead target fails everything alike: the score or the one reason says it
 * all. */
static bool shows_failures(const struct target_summary *summary) {
    return !target_null_name(summary->target) && !summary->down;
}

/* Writes the failures of one target that are errors, or those that are none, up to FAILURES_SHOWN in all. */
static void write_target_failures(struct terminal *terminal, const struct target_summary *summary,
                                  bool errored, size_t *count) {
    char label[TARGET_LABEL_SIZE];
    for (size_t at = 0; shows_failures(summary) && at < summary->result_count; at++) {
        const struct case_result *result = &summary->results[at];
        if (verdict_conforms(result->verdict) || (result->verdict == VERDICT_ERRORED) != errored ||
            ++*count > FAILURES_SHOWN) {
            continue;
        }
        terminal_failure_add(&terminal->sheet.text, terminal->header, summary->target,
                             label_of(terminal, summary, label), result, &terminal->screen);
        sheet_flush(&terminal->sheet);
    }
}

/* What is broken comes first: it decides the exit code, and may be why the rest failed. */
static void write_failures(struct terminal *terminal) {
    size_t count = 0;
    for (size_t i = 0; i < 2 * terminal->summaries.count; i++) {
        size_t at = i % terminal->summaries.count;
        write_target_failures(terminal, &terminal->summaries.items[at], i == at, &count);
    }
    if (count > FAILURES_SHOWN) {
        text_addf(&terminal->sheet.text,
                  "... and %zu more did not pass; --format ndjson --output FILE writes them all.\n\n",
                  count - FAILURES_SHOWN);
    }
}

/* What is no failure of a case and yet has to be said of a target. */
static void add_remarks(struct text *out, const struct terminal *terminal,
                        const struct target_summary *summary) {
    const struct paint *paint = terminal->screen.paint;
    terminal_unsupported_add(out, summary, paint);
    if (summary->down && summary->result_count > 0) {
        terminal_log_add(out, summary->results[0].log, &terminal->screen);
    }
    if (target_null_name(summary->target) && !summary->down) {
        text_addf(out, "  %s: failures of a null are not shown; they are what it is for\n", summary->target);
    }
    for (size_t at = 0; at < summary->result_count; at++) {
        const struct case_result *result = &summary->results[at];
        if (result->verdict == VERDICT_EXPECTED_FAILURE) {
            text_addf(out, "  %sknown failure%s %s: ", paint->warn, paint->plain, result->test_case->id);
            escape_terminal(out, result->baseline);
            text_add_byte(out, '\n');
        }
    }
    for (size_t i = 0; i < summary->baseline_problem_count; i++) {
        text_addf(out, "  %sbaseline%s ", paint->bad, paint->plain);
        escape_terminal(out, summary->baseline_problems[i]);
        text_add_byte(out, '\n');
    }
    if (summary_is_empty(summary)) {
        text_addf(out, "  %snothing was proved%s: no selected case could run on this target\n", paint->bad,
                  paint->plain);
    }
}

/* With several targets each has its remarks under its name. */
static void write_remarks(struct terminal *terminal, const struct target_summary *summary) {
    struct text *out = &terminal->sheet.text;
    struct text remarks = {0};
    char label[TARGET_LABEL_SIZE];
    add_remarks(&remarks, terminal, summary);
    if (remarks.length_bytes > 0) {
        if (label_of(terminal, summary, label)) {
            escape_terminal(out, label);
            text_add_byte(out, '\n');
        }
        text_append(out, remarks.bytes, remarks.length_bytes);
        text_add_byte(out, '\n');
    }
    out->failed = out->failed || remarks.failed;
    text_release(&remarks);
}

static const char *conclusion_of(const struct summaries *summaries, int exit_code) {
    switch (exit_code) {
    case 0:
        return "CONFORMS";
    case 1:
        return "DOES NOT CONFORM";
    case REPORT_BROKEN_CODE:
        return summaries_count(summaries, VERDICT_ERRORED) > 0
                   ? "NO VERDICT: the harness or the adapter broke"
                   : "NO VERDICT: the run or its reports are not whole; stderr says why";
    case REPORT_INTERRUPTED_CODE:
        return "NO VERDICT: the run was interrupted";
    default:
        return "NO VERDICT";
    }
}

static void write_sums(struct terminal *terminal) {
    struct text *out = &terminal->sheet.text;
    const struct paint *paint = terminal->screen.paint;
    char label[TARGET_LABEL_SIZE];
    for (size_t i = 0; i < terminal->summaries.count; i++) {
        const struct target_summary *summary = &terminal->summaries.items[i];
        if (target_null_name(summary->target) && !summary->down) {
            terminal_null_score_add(out, summary, paint);
        }
        terminal_sum_add(out, summary, label_of(terminal, summary, label));
        terminal_opening_add(out, summary, label_of(terminal, summary, label), paint);
    }
}

static void write_conclusion(struct terminal *terminal, int exit_code) {
    struct text *out = &terminal->sheet.text;
    const struct paint *paint = terminal->screen.paint;
    const struct summaries *summaries = &terminal->summaries;
    int64_t duration_us = 0;
    for (size_t i = 0; i < summaries->count; i++) {
        duration_us += summaries->items[i].duration_us;
    }
    text_addf(out, "%s%s%s", paint->bold, exit_code == 0 ? paint->good : paint->bad,
              conclusion_of(summaries, exit_code));
    size_t failed = summaries_count(summaries, VERDICT_FAILED);
    if (failed > 0 && exit_code > 1) {
        text_addf(out, " (%zu failed all the same)", failed);
    }
    if (terminal->parity && parity_count_differences(terminal->parity) > 0) {
        text_add(out, " (parity does not hold)");
    }
    text_addf(out, "%s  exit code %d, ", paint->plain, exit_code);
    add_seconds(out, duration_us, 2);
    text_add(out, " s\n");
}

static void terminal_parity(struct reporter *reporter, const struct parity *parity) {
    ((struct terminal *)reporter)->parity = parity;
}

static bool terminal_settle(struct reporter *reporter, int exit_code) {
    (void)exit_code;
    struct terminal *terminal = (struct terminal *)reporter;
    struct text *out = &terminal->sheet.text;
    const struct summaries *summaries = &terminal->summaries;
    text_add_byte(out, '\n');
    if (summaries->count == 1) {
        terminal_table_add(out, &summaries->items[0], terminal->screen.paint);
    } else if (summaries->count > 1) {
        terminal_matrix_add(out, terminal->header, summaries, terminal->screen.paint);
        text_add_byte(out, '\n');
        terminal_differences_add(out, terminal->header, summaries, terminal->screen.paint);
    }
    if (terminal->parity) {
        terminal_parity_add(out, terminal->header, terminal->parity, &terminal->screen);
    }
    text_add_byte(out, '\n');
    for (size_t i = 0; i < summaries->count; i++) {
        write_remarks(terminal, &summaries->items[i]);
    }
    write_failures(terminal);
    write_sums(terminal);
    return sheet_settle(&terminal->sheet) && !summaries->failed;
}

static void terminal_end(struct reporter *reporter, int exit_code) {
    struct terminal *terminal = (struct terminal *)reporter;
    write_conclusion(terminal, exit_code);
    sheet_flush(&terminal->sheet);
}

static bool terminal_close(struct reporter *reporter) {
    struct terminal *terminal = (struct terminal *)reporter;
    bool written = sheet_close(&terminal->sheet) && !terminal->summaries.failed;
    summaries_release(&terminal->summaries);
    free(terminal->chapters);
    free(terminal);
    return written;
}

static const struct reporter_ops terminal_ops = {
    terminal_begin,  terminal_target_begin, terminal_case_done, terminal_target_end,
    terminal_parity, terminal_settle,       terminal_end,       terminal_close,
};

struct reporter *reporter_terminal_new(FILE *out, bool color, bool progress, size_t columns) {
    struct terminal *terminal = malloc(sizeof *terminal);
    if (!terminal) {
        return NULL;
    }
    *terminal = (struct terminal){
        .reporter.ops = &terminal_ops, .screen = {paint_get(color), columns}, .progress = progress};
    sheet_init(&terminal->sheet, out);
    return &terminal->reporter;
}
