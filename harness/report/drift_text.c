#include "harness/report/drift_report.h"
#include "harness/report/escape.h"
#include "harness/report/paragraph.h"

#include <stdlib.h>
#include <string.h>

const char *drift_conclusion_name(enum drift_conclusion conclusion) {
    static const char *const names[] = {"conforms", "drifts", "undecided"};
    return names[conclusion];
}

static void add_place(struct text *out, const struct drift_finding *finding) {
    text_add(out, finding->file || finding->object ? "  " : "");
    if (finding->file) {
        escape_terminal(out, finding->file);
        if (finding->line > 0) {
            text_addf(out, ":%zu", finding->line);
        }
        text_add(out, finding->object ? "  " : "");
    }
    if (finding->object) {
        escape_terminal(out, finding->object);
    }
}

static const char *severity_color(enum drift_severity severity, const struct paint *paint) {
    return severity == DRIFT_ERROR ? paint->bad : severity == DRIFT_WARNING ? paint->warn : paint->dim;
}

/* A mend of several lines is SQL laid out by its author. */
static void add_mend(struct text *out, const char *mend, size_t columns) {
    static const char label[] = "    mend  ";
    struct text first = {0};
    text_add(&first, label);
    for (const char *at = mend; *at;) {
        size_t length = strcspn(at, "\n");
        char *line = text_copy_bytes(at, length);
        paragraph_add(out, first.bytes ? first.bytes : label, line ? line : "", columns);
        out->failed = out->failed || !line;
        free(line);
        text_clear(&first);
        text_addf(&first, "%*s", (int)(sizeof label - 1), "");
        at += length + (at[length] == '\n');
    }
    text_release(&first);
}

static void add_finding(struct text *out, const struct drift_finding *finding, const struct paint *paint,
                        size_t columns) {
    const struct drift_check *check = finding->check;
    text_addf(out, "%s%-7s%s  %s%s%s", severity_color(check->severity, paint),
              drift_severity_name(check->severity), paint->plain, paint->bold, check->id, paint->plain);
    add_place(out, finding);
    text_add_byte(out, '\n');
    paragraph_add(out, "    what  ", finding->what, columns);
    text_addf(out, "    rule  %s", check->requirement);
    if (check->audit) {
        text_addf(out, ", as %s of the audit", check->audit);
    }
    if (drift_confidence_name(finding->confidence)) {
        text_addf(out, " (%s)", drift_confidence_name(finding->confidence));
    }
    text_add_byte(out, '\n');
    add_mend(out, finding->mend, columns);
    text_add_byte(out, '\n');
}

static const char *reason_of(const struct drift_row *row) {
    return row->reason ? row->reason : "nothing was there to look at";
}

/* True when the rows share a line: the same state for the same reason. */
static bool is_alike(const struct drift_row *one, const struct drift_row *other) {
    return one->state == other->state && strcmp(reason_of(one), reason_of(other)) == 0;
}

/* One line for all checks that are in this row's state for its reason. */
static void add_reason(struct text *out, const struct drift_report *report, const struct drift_row *row,
                       size_t columns) {
    struct text line = {0};
    const char *gap = ": ";
    text_add(&line, reason_of(row));
    for (size_t i = 0; i < report->row_count; i++) {
        if (is_alike(row, &report->rows[i])) {
            text_addf(&line, "%s%s", gap, report->rows[i].check->id);
            gap = ", ";
        }
    }
    paragraph_add(out, row->state == DRIFT_UNDECIDED ? "undecided  " : "skipped    ",
                  line.bytes ? line.bytes : "", columns);
    out->failed = out->failed || line.failed;
    text_release(&line);
}

/* What was not decided, or not looked at, and why. */
static void add_reasons(struct text *out, const struct drift_report *report, enum drift_state state,
                        size_t columns) {
    for (size_t i = 0; i < report->row_count; i++) {
        const struct drift_row *row = &report->rows[i];
        bool told = row->state != state;
        for (size_t k = 0; k < i && !told; k++) {
            told = is_alike(row, &report->rows[k]);
        }
        if (!told) {
            add_reason(out, report, row, columns);
        }
    }
}

static size_t count_severity(const struct drift_report *report, enum drift_severity severity) {
    size_t count = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        count += report->findings[i].check->severity == severity;
    }
    return count;
}

static void add_sum(struct text *out, const struct drift_report *report, const struct paint *paint) {
    text_addf(out, "checks %zu = clean %zu + found %zu + undecided %zu + skipped %zu\n", report->row_count,
              drift_count(report, DRIFT_CLEAN), drift_count(report, DRIFT_FOUND),
              drift_count(report, DRIFT_UNDECIDED), drift_count(report, DRIFT_SKIPPED));
    text_addf(out, "findings %zu = errors %zu + warnings %zu + notes %zu\n", report->finding_count,
              count_severity(report, DRIFT_ERROR), count_severity(report, DRIFT_WARNING),
              count_severity(report, DRIFT_NOTE));
    switch (drift_conclude(report)) {
    case DRIFT_CONFORMS:
        text_addf(out, "%sCONFORMS%s  %s\n", paint->good, paint->plain,
                  drift_count(report, DRIFT_UNDECIDED) > 0 ? "as far as reading alone can tell"
                                                           : "nothing that was looked at drifts");
        break;
    case DRIFT_DRIFTS:
        text_addf(out, "%sDRIFTS%s\n", paint->bad, paint->plain);
        break;
    case DRIFT_OPEN:
        text_addf(out, "%sUNDECIDED%s  what could not be decided is no pass\n", paint->warn, paint->plain);
        break;
    }
}

void drift_add_text(struct text *out, const struct drift_report *report, const struct paint *paint,
                    size_t columns) {
    paragraph_add(out, "drift of ", report->subject ? report->subject : "?", columns);
    text_add_byte(out, '\n');
    for (size_t i = 0; i < report->finding_count; i++) {
        add_finding(out, &report->findings[i], paint, columns);
    }
    add_reasons(out, report, DRIFT_UNDECIDED, columns);
    add_reasons(out, report, DRIFT_SKIPPED, columns);
    add_sum(out, report, paint);
}
