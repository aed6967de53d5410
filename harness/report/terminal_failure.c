#include "harness/report/terminal_failure.h"
#include "harness/case/case.h"
#include "harness/report/diff.h"
#include "harness/report/escape.h"
#include "harness/report/paragraph.h"
#include "harness/report/summaries.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_SIZE = 16, ROW_SIZE = 800, LABEL_COLUMNS = 12, CALL_BYTES_MAX = 600, LOG_LINES_MAX = 12 };

static const char indent[] = "  ";
static const char ellipsis[] = " ...";
static const char hanging[] = "            ";

enum { CALL_INDENT_COLUMNS = sizeof hanging - 1 + 3 };

/* Adds "  label     text", wrapped, when there is a text. */
static void add_row(struct text *out, const char *label, const char *value, const struct screen *screen) {
    if (!value || !*value) {
        return;
    }
    char first[LABEL_SIZE];
    char kept[ROW_SIZE];
    snprintf(first, sizeof first, "%s%-9s ", indent, label);
    if (!text_put(kept, sizeof kept - sizeof ellipsis, value)) {
        strncat(kept, ellipsis, sizeof kept - strlen(kept) - 1);
    }
    paragraph_add(out, first, kept, screen->columns);
}

/* Adds "  label     text" on one line, whatever its length, so that it can be copied. */
static void add_command(struct text *out, const char *label, const char *value, const struct paint *paint) {
    if (value && *value) {
        text_addf(out, "%s%-9s %s", indent, label, paint->bold);
        escape_terminal(out, value);
        text_addf(out, "%s\n", paint->plain);
    }
}

static void add_title(struct text *out, const char *label, const struct case_result *result,
                      const struct screen *screen) {
    const struct paint *paint = screen->paint;
    const struct test_case *test_case = result->test_case;
    text_addf(out, "%s%s%s  %s", paint->bad, verdict_name(result->verdict), paint->plain, paint->bold);
    escape_terminal(out, test_case->id);
    text_addf(out, "%s", paint->plain);
    if (label) {
        text_add(out, "  on ");
        escape_terminal(out, label);
    }
    text_addf(out, "  %s%s ", paint->dim, test_case->level);
    escape_terminal(out, test_case->file);
    text_addf(out, ":%zu%s\n", test_case->line, paint->plain);
    paragraph_add(out, indent, test_case->title, screen->columns);
    text_add_byte(out, '\n');
}

static void add_requirement(struct text *out, const struct run_header *header, const char *id,
                            const struct screen *screen) {
    const struct requirement *requirement = header->suite ? suite_requirement(header->suite, id) : NULL;
    struct text line = {0};
    text_add(&line, id);
    if (requirement) {
        text_addf(&line, " (%s): %s", requirement->source, requirement->sentence);
    }
    add_row(out, "requires", line.bytes, screen);
    out->failed = out->failed || line.failed;
    text_release(&line);
}

/* Adds a long JSON text behind so many columns, cut where a screen would be full of it; the other reports
 * hold it whole. */
static void add_cut(struct text *out, const char *string, size_t column, const struct screen *screen) {
    struct text visible = {0};
    escape_code_points(&visible, string);
    text_add(&visible, "");
    if (visible.failed) {
        out->failed = true;
    } else if (visible.length_bytes > CALL_BYTES_MAX) {
        size_t whole_bytes = visible.length_bytes;
        visible.bytes[CALL_BYTES_MAX] = '\0';
        text_trim_partial(visible.bytes);
        json_break(out, visible.bytes, column, CALL_INDENT_COLUMNS, screen->columns);
        text_addf(out, "... (%zu bytes)", whole_bytes);
    } else {
        json_break(out, visible.bytes, column, CALL_INDENT_COLUMNS, screen->columns);
    }
    text_add_byte(out, '\n');
    text_release(&visible);
}

static void add_exchange(struct text *out, const struct exchange *exchange, bool first,
                         const struct screen *screen) {
    text_addf(out, "%s%-9s ", indent, first ? "calls" : "");
    struct text call = {0};
    text_addf(&call, "%s  %s %s", exchange->step, exchange->method, exchange->params);
    text_add(out, screen->paint->dim);
    add_cut(out, call.bytes, sizeof hanging - 1, screen);
    out->failed = out->failed || call.failed;
    text_release(&call);
    text_addf(out, "%s-> ", hanging);
    add_cut(out, exchange->answer, CALL_INDENT_COLUMNS, screen);
    text_add(out, screen->paint->plain);
}

void terminal_log_add(struct text *out, const char *log, const struct screen *screen) {
    size_t lines = 0;
    for (const char *at = log ? log : ""; *at && lines < LOG_LINES_MAX; lines++) {
        size_t length_bytes = strcspn(at, "\n");
        char *line = text_copy_bytes(at, length_bytes);
        struct text visible = {0};
        escape_terminal(&visible, line);
        text_add(&visible, "");
        text_addf(out, "%s%-9s ", indent, lines == 0 ? "log" : "");
        if (line && !visible.failed) {
            add_cut(out, visible.bytes, sizeof hanging - 1, screen);
        } else {
            out->failed = true;
        }
        text_release(&visible);
        free(line);
        at += length_bytes;
        at += *at == '\n';
        if (*at && lines + 1 == LOG_LINES_MAX) {
            text_addf(out, "%s... (%zu bytes in all)\n", hanging, strlen(log));
        }
    }
}

/* A drawing stays as it was drawn: its lines are not wrapped. */
static void add_exhibit(struct text *out, const char *exhibit) {
    for (const char *at = exhibit ? exhibit : ""; *at;) {
        size_t length_bytes = strcspn(at, "\n");
        char *line = text_copy_bytes(at, length_bytes);
        if (length_bytes > 0) {
            text_addf(out, "%s%-9s ", indent, at == exhibit ? "shown" : "");
        }
        if (line) {
            escape_terminal(out, line);
        }
        out->failed = out->failed || !line;
        text_add_byte(out, '\n');
        free(line);
        at += length_bytes;
        at += *at == '\n';
    }
}

static void add_difference(struct text *out, const struct case_result *result, const struct screen *screen) {
    add_row(out, "at", result->path, screen);
    diff_add(out, indent, result->expected, result->got, screen->columns - LABEL_COLUMNS - 6, screen->paint);
}

void terminal_failure_add(struct text *out, const struct run_header *header, const char *target,
                          const char *label, const struct case_result *result, const struct screen *screen) {
    add_title(out, label, result, screen);
    for (size_t i = 0; i < 2 && result->requirements[i]; i++) {
        add_requirement(out, header, result->requirements[i], screen);
    }
    add_row(out, "in", result->step, screen);
    add_row(out, "reason", result->reason, screen);
    add_row(out, "baseline", result->baseline, screen);
    add_difference(out, result, screen);
    for (size_t i = 0; i < result->exchange_count; i++) {
        add_exchange(out, &result->exchanges[i], i == 0, screen);
    }
    add_exhibit(out, result->exhibit);
    terminal_log_add(out, result->log, screen);
    struct text command = {0};
    add_repeat_command(&command, header, target, result);
    add_command(out, "repeat", command.bytes, screen->paint);
    out->failed = out->failed || command.failed;
    text_release(&command);
    add_command(out, "by hand", result->reproduce, screen->paint);
    text_add_byte(out, '\n');
}
