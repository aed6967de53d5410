#include "harness/report/changes_report.h"
#include "harness/report/case_json.h"
#include "harness/report/escape.h"
#include "harness/report/json_line.h"

#include "harness/case/case.h"

#include <string.h>

enum { FORMAT_VERSION = 1, PAGE_BYTES_MAX = 58 * 1024 };

static const char *conclusion_of(const struct changes *changes) {
    return changes_are_worse(changes) ? "worse" : "nothing got worse";
}

static bool names_targets(const struct changes *changes) {
    return changes->new->target_count > 1 || changes->old->target_count > 1;
}

/* What removed cases and silent ones lack: a reason in one line. */
static const char *reason_of(const struct case_result *result) {
    return result && result->reason ? result->reason : "";
}

static const struct case_result *shown_result(const struct change *change) {
    return change->new ? change->new : change->old;
}

static void add_verdicts(struct text *out, const struct change *change) {
    if (change->old && change->new && change->old->verdict != change->new->verdict) {
        text_addf(out, "%s -> %s", verdict_name(change->old->verdict), verdict_name(change->new->verdict));
    } else if (!change->new && change->kind != CHANGE_REMOVED) {
        text_addf(out, "%s -> not selected", verdict_name(change->old->verdict));
    } else {
        text_add(out, verdict_name(shown_result(change)->verdict));
    }
}

static const char *color_of(enum change_kind kind, const struct paint *paint) {
    return change_is_worse(kind) ? paint->bad : kind == CHANGE_NEWLY_PASSING ? paint->good : paint->dim;
}

static void add_reason_line(struct text *out, const char *label, const char *reason) {
    if (*reason) {
        text_addf(out, "      %s", label);
        escape_terminal(out, reason);
        text_add_byte(out, '\n');
    }
}

static void add_terminal_change(struct text *out, const struct changes *changes,
                                const struct change *change) {
    text_add(out, "    ");
    escape_terminal(out, shown_result(change)->test_case->id);
    if (names_targets(changes)) {
        text_add(out, " on ");
        escape_terminal(out, change->target);
    }
    text_add(out, "  ");
    add_verdicts(out, change);
    text_add_byte(out, '\n');
    if (change->kind == CHANGE_OTHERWISE_FAILING) {
        add_reason_line(out, "was: ", reason_of(change->old));
        add_reason_line(out, "is:  ", reason_of(change->new));
    } else if (change->kind != CHANGE_REMOVED && change->kind != CHANGE_NEW) {
        add_reason_line(out, "", reason_of(change->new));
    }
}

void changes_add_terminal(struct text *out, const struct changes *changes, const struct paint *paint) {
    enum change_kind last = CHANGE_COUNT;
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        if (change->kind != last) {
            text_addf(out, "  %s%s%s %zu\n", color_of(change->kind, paint), change_heading(change->kind),
                      paint->plain, changes->kinds[change->kind]);
            last = change->kind;
        }
        add_terminal_change(out, changes, change);
    }
    text_addf(out, "%s%zu cases compared", changes->count ? "\n" : "", changes->compared);
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        if (changes->kinds[kind] > 0) {
            text_addf(out, "; %zu %s", changes->kinds[kind], change_heading(kind));
        }
    }
    text_add(out, changes_span_suites(changes) ? "\nthe runs are of different suites\n" : "\n");
    bool worse = changes_are_worse(changes);
    text_addf(out, "%s%s%s%s\n", paint->bold, worse ? paint->bad : paint->good,
              worse ? "WORSE" : "NOTHING GOT WORSE", paint->plain);
}

static void add_code(struct text *out, const char *string) {
    text_add(out, "<code>");
    escape_markdown(out, string);
    text_add(out, "</code>");
}

static void add_markdown_change(struct text *out, const struct changes *changes,
                                const struct change *change) {
    text_add(out, "- ");
    add_code(out, shown_result(change)->test_case->id);
    if (names_targets(changes)) {
        text_add(out, " on ");
        add_code(out, change->target);
    }
    text_add(out, ": ");
    struct text words = {0};
    add_verdicts(&words, change);
    if (change->kind == CHANGE_OTHERWISE_FAILING) {
        text_addf(&words, "; was: %s; is", reason_of(change->old));
    }
    if (*reason_of(change->new)) {
        text_addf(&words, ": %s", reason_of(change->new));
    }
    escape_markdown(out, words.bytes);
    text_add_byte(out, '\n');
    out->failed = out->failed || words.failed;
    text_release(&words);
}

/* Adds one list, as far as there is room on the page; returns how many had none. */
static size_t add_markdown_kind(struct text *out, const struct changes *changes, enum change_kind kind) {
    size_t left_out = 0;
    if (changes->kinds[kind] == 0) {
        return 0;
    }
    text_addf(out, "\n### %zu %s\n\n", changes->kinds[kind], change_heading(kind));
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->items[i].kind != kind) {
            continue;
        }
        struct text line = {0};
        add_markdown_change(&line, changes, &changes->items[i]);
        bool fits = out->length_bytes + line.length_bytes <= PAGE_BYTES_MAX;
        text_add(out, fits && line.bytes ? line.bytes : "");
        left_out += !fits;
        out->failed = out->failed || line.failed;
        text_release(&line);
    }
    return left_out;
}

void changes_add_markdown(struct text *out, const struct changes *changes) {
    size_t left_out = 0;
    text_addf(out, "## Holdpoint: %s\n\n%zu cases compared.%s\n", conclusion_of(changes), changes->compared,
              changes_span_suites(changes) ? " The runs are of different suites." : "");
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        left_out += add_markdown_kind(out, changes, kind);
    }
    if (left_out > 0) {
        text_addf(out, "\n%zu more did not fit here.\n", left_out);
    }
}

static void add_json_run(struct text *out, const char *name, const struct past_run *run) {
    json_line_open(out, name, '{');
    json_line_text(out, "path", run->path);
    json_line_text(out, "suite_digest", run->header.suite_digest);
    json_line_number(out, "exit_code", run->exit_code);
    json_line_close(out, '}');
}

static void add_json_result(struct text *out, const char *name, const struct case_result *result) {
    if (!result) {
        json_line_text(out, name, NULL);
        return;
    }
    json_line_open(out, name, '{');
    json_line_text(out, "verdict", verdict_name(result->verdict));
    json_line_text(out, "step", result->step);
    json_line_text(out, "reason", result->reason);
    json_line_text(out, "fingerprint", result->fingerprint[0] ? result->fingerprint : NULL);
    json_line_close(out, '}');
}

void changes_add_json(struct text *out, const struct changes *changes) {
    json_line_open(out, NULL, '{');
    json_line_number(out, "format", FORMAT_VERSION);
    add_json_run(out, "old", changes->old);
    add_json_run(out, "new", changes->new);
    json_line_unsigned(out, "compared", changes->compared);
    text_addf(out, ",\"worse\":%s", changes_are_worse(changes) ? "true" : "false");
    json_line_open(out, "counts", '{');
    for (enum change_kind kind = 0; kind < CHANGE_COUNT; kind++) {
        json_line_unsigned(out, change_name(kind), changes->kinds[kind]);
    }
    json_line_close(out, '}');
    json_line_open(out, "changes", '[');
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        json_line_open(out, NULL, '{');
        json_line_text(out, "kind", change_name(change->kind));
        json_line_text(out, "target", change->target);
        case_json_add(out, shown_result(change)->test_case);
        add_json_result(out, "old", change->old);
        add_json_result(out, "new", change->new);
        json_line_close(out, '}');
    }
    json_line_close(out, ']');
    text_add(out, "}\n");
}
