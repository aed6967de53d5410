#include "harness/drift/finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *drift_severity_name(enum drift_severity severity) {
    static const char *const names[] = {"error", "warning", "note"};
    return names[severity];
}

const char *drift_confidence_name(enum drift_confidence confidence) {
    static const char *const names[] = {NULL, "certain", "likely", "guess"};
    return names[confidence];
}

const char *drift_state_name(enum drift_state state) {
    static const char *const names[] = {"skipped", "clean", "found", "undecided"};
    return names[state];
}

void drift_report_init(struct drift_report *report, const struct drift_check *checks, size_t count) {
    *report = (struct drift_report){0};
    drift_report_extend(report, checks, count);
}

void drift_report_extend(struct drift_report *report, const struct drift_check *checks, size_t count) {
    struct drift_row *rows = realloc(report->rows, (report->row_count + count + 1) * sizeof *rows);
    if (!rows) {
        report->failed = true;
        return;
    }
    report->rows = rows;
    for (size_t i = 0; i < count; i++) {
        rows[report->row_count++] = (struct drift_row){.check = &checks[i]};
    }
}

void drift_report_release(struct drift_report *report) {
    for (size_t i = 0; i < report->row_count; i++) {
        free(report->rows[i].reason);
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        struct drift_finding *finding = &report->findings[i];
        free(finding->object);
        free(finding->file);
        free(finding->what);
        free(finding->mend);
    }
    free(report->rows);
    free(report->findings);
    free(report->subject);
    *report = (struct drift_report){0};
}

/* NULL only when memory ran out as the report was made. */
static struct drift_row *find_row(const struct drift_report *report, const struct drift_check *check) {
    for (size_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].check == check) {
            return &report->rows[i];
        }
    }
    return NULL;
}

static char *format_text(struct drift_report *report, const char *format, va_list arguments) {
    struct text text = {0};
    text_addv(&text, format, arguments);
    char *made = text_take(&text);
    report->failed = report->failed || !made;
    return made;
}

/* A copy of what may be NULL. */
static char *copy(struct drift_report *report, const char *string) {
    char *made = string ? text_copy(string) : NULL;
    report->failed = report->failed || (string && !made);
    return made;
}

static struct drift_finding *add_finding(struct drift_report *report) {
    struct drift_finding *findings =
        realloc(report->findings, (report->finding_count + 1) * sizeof *findings);
    if (!findings) {
        report->failed = true;
        return NULL;
    }
    report->findings = findings;
    findings[report->finding_count] = (struct drift_finding){0};
    return &findings[report->finding_count++];
}

static void drop_reason(struct drift_row *row) {
    free(row->reason);
    row->reason = NULL;
}

/* What was found stays, then what is undecided, then what was skipped for a reason. */
static bool set_state(struct drift_row *row, enum drift_state state) {
    if (!row || row->state == DRIFT_FOUND || (row->state == DRIFT_UNDECIDED && state != DRIFT_UNDECIDED) ||
        (row->state == DRIFT_SKIPPED && row->reason && state == DRIFT_CLEAN)) {
        return false;
    }
    if (row->state != state) {
        drop_reason(row);
    }
    row->state = state;
    return true;
}

void drift_find(struct drift_report *report, const struct drift_check *check, const struct drift_place *place,
                const char *mend, const char *what, ...) {
    static const struct drift_place nowhere;
    struct drift_row *row = find_row(report, check);
    struct drift_finding *finding = add_finding(report);
    if (row) {
        drop_reason(row);
        row->state = DRIFT_FOUND;
        row->waived = false;
    }
    if (!finding) {
        return;
    }
    place = place ? place : &nowhere;
    finding->check = check;
    finding->object = copy(report, place->object);
    finding->file = copy(report, place->file);
    finding->line = place->line;
    finding->mend = copy(report, mend ? mend : check->mend);
    va_list arguments;
    va_start(arguments, what);
    finding->what = format_text(report, what, arguments);
    va_end(arguments);
}

void drift_sure(struct drift_report *report, enum drift_confidence confidence) {
    if (report->finding_count > 0) {
        report->findings[report->finding_count - 1].confidence = confidence;
    }
}

void drift_examined(struct drift_report *report, const struct drift_check *check) {
    set_state(find_row(report, check), DRIFT_CLEAN);
}

static void set_reason(struct drift_report *report, const struct drift_check *check, enum drift_state state,
                       const char *reason, va_list arguments) {
    struct drift_row *row = find_row(report, check);
    if (set_state(row, state) && !row->reason) {
        row->reason = format_text(report, reason, arguments);
    }
}

void drift_undecided(struct drift_report *report, const struct drift_check *check, const char *reason, ...) {
    struct drift_row *row = find_row(report, check);
    va_list arguments;
    if (row && row->waived) {
        row->waived = false;
        drop_reason(row);
    }
    va_start(arguments, reason);
    set_reason(report, check, DRIFT_UNDECIDED, reason, arguments);
    va_end(arguments);
}

void drift_waived(struct drift_report *report, const struct drift_check *check, const char *reason, ...) {
    struct drift_row *row = find_row(report, check);
    va_list arguments;
    if (row && row->state != DRIFT_UNDECIDED && row->state != DRIFT_FOUND) {
        row->waived = true;
    }
    va_start(arguments, reason);
    set_reason(report, check, DRIFT_UNDECIDED, reason, arguments);
    va_end(arguments);
}

void drift_skipped(struct drift_report *report, const struct drift_check *check, const char *reason, ...) {
    va_list arguments;
    va_start(arguments, reason);
    set_reason(report, check, DRIFT_SKIPPED, reason, arguments);
    va_end(arguments);
}

enum drift_state drift_state_of(const struct drift_report *report, const struct drift_check *check) {
    const struct drift_row *row = find_row(report, check);
    return row ? row->state : DRIFT_SKIPPED;
}

size_t drift_count(const struct drift_report *report, enum drift_state state) {
    size_t count = 0;
    for (size_t i = 0; i < report->row_count; i++) {
        count += report->rows[i].state == state;
    }
    return count;
}

enum drift_conclusion drift_conclude(const struct drift_report *report) {
    for (size_t i = 0; i < report->finding_count; i++) {
        if (report->findings[i].check->severity != DRIFT_NOTE) {
            return DRIFT_DRIFTS;
        }
    }
    for (size_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].state == DRIFT_UNDECIDED && !report->rows[i].waived) {
            return DRIFT_OPEN;
        }
    }
    return DRIFT_CONFORMS;
}
