#include "harness/report/drift_report.h"
#include "harness/report/json_line.h"

static void add_counts(struct text *out, const struct drift_report *report) {
    json_line_open(out, "counts", '{');
    json_line_unsigned(out, "checks", report->row_count);
    for (enum drift_state state = 0; state < DRIFT_STATE_COUNT; state++) {
        json_line_unsigned(out, drift_state_name(state), drift_count(report, state));
    }
    json_line_unsigned(out, "findings", report->finding_count);
    json_line_close(out, '}');
}

static void add_check(struct text *out, const struct drift_row *row) {
    const struct drift_check *check = row->check;
    json_line_open(out, NULL, '{');
    json_line_text(out, "id", check->id);
    json_line_text(out, "title", check->title);
    json_line_text(out, "requirement", check->requirement);
    json_line_text(out, "audit", check->audit);
    json_line_text(out, "state", drift_state_name(row->state));
    json_line_text(out, "reason", row->reason);
    json_line_close(out, '}');
}

static void add_finding(struct text *out, const struct drift_finding *finding) {
    json_line_open(out, NULL, '{');
    json_line_text(out, "check", finding->check->id);
    json_line_text(out, "severity", drift_severity_name(finding->check->severity));
    json_line_text(out, "requirement", finding->check->requirement);
    json_line_text(out, "audit", finding->check->audit);
    json_line_text(out, "object", finding->object);
    json_line_text(out, "file", finding->file);
    if (finding->line > 0) {
        json_line_unsigned(out, "line", finding->line);
    } else {
        json_line_text(out, "line", NULL);
    }
    json_line_text(out, "confidence", drift_confidence_name(finding->confidence));
    json_line_text(out, "what", finding->what);
    json_line_text(out, "mend", finding->mend);
    json_line_close(out, '}');
}

void drift_add_json(struct text *out, const struct drift_report *report) {
    json_line_open(out, NULL, '{');
    json_line_text(out, "subject", report->subject);
    json_line_text(out, "conclusion", drift_conclusion_name(drift_conclude(report)));
    add_counts(out, report);
    json_line_open(out, "checks", '[');
    for (size_t i = 0; i < report->row_count; i++) {
        add_check(out, &report->rows[i]);
    }
    json_line_close(out, ']');
    json_line_open(out, "findings", '[');
    for (size_t i = 0; i < report->finding_count; i++) {
        add_finding(out, &report->findings[i]);
    }
    json_line_close(out, ']');
    json_line_close(out, '}');
    text_add_byte(out, '\n');
}
