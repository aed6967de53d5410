#include "harness/report/drift_report.h"
#include "harness/report/escape.h"

/* What a check is to JUnit. */
enum outcome { OUTCOME_PASSED, OUTCOME_FAILURE, OUTCOME_ERROR, OUTCOME_SKIPPED };

static enum outcome outcome_of(const struct drift_row *row) {
    switch (row->state) {
    case DRIFT_FOUND:
        return row->check->severity == DRIFT_NOTE ? OUTCOME_PASSED : OUTCOME_FAILURE;
    case DRIFT_UNDECIDED:
        return row->waived ? OUTCOME_SKIPPED : OUTCOME_ERROR;
    case DRIFT_SKIPPED:
        return OUTCOME_SKIPPED;
    default:
        return OUTCOME_PASSED;
    }
}

static size_t count_outcome(const struct drift_report *report, enum outcome outcome) {
    size_t count = 0;
    for (size_t i = 0; i < report->row_count; i++) {
        count += outcome_of(&report->rows[i]) == outcome;
    }
    return count;
}

static void add_place(struct text *out, const struct drift_finding *finding) {
    if (finding->file) {
        escape_xml(out, finding->file);
        text_addf(out, finding->line > 0 ? ":%zu: " : ": ", finding->line);
    }
    if (finding->object) {
        escape_xml(out, finding->object);
        text_add(out, ": ");
    }
}

/* Every finding of a check, one after the other: JUnit knows one failure for each testcase. */
static void add_findings(struct text *out, const struct drift_report *report,
                         const struct drift_check *check) {
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct drift_finding *finding = &report->findings[i];
        if (finding->check == check) {
            add_place(out, finding);
            escape_xml(out, finding->what);
            if (drift_confidence_name(finding->confidence)) {
                text_addf(out, " (%s)", drift_confidence_name(finding->confidence));
            }
            text_add(out, "\nmend: ");
            escape_xml(out, finding->mend);
            text_add_byte(out, '\n');
        }
    }
}

static void add_outcome(struct text *out, const struct drift_report *report, const struct drift_row *row) {
    switch (outcome_of(row)) {
    case OUTCOME_FAILURE:
        text_add(out, "      <failure message=\"");
        escape_xml_attribute(out, row->check->title);
        text_addf(out, "\" type=\"%s\">", drift_severity_name(row->check->severity));
        add_findings(out, report, row->check);
        text_add(out, "</failure>\n");
        break;
    case OUTCOME_ERROR:
        text_add(out, "      <error type=\"undecided\" message=\"");
        escape_xml_attribute(out, row->reason);
        text_add(out, "\"/>\n");
        break;
    case OUTCOME_SKIPPED:
        text_addf(out, "      <skipped type=\"%s\" message=\"", drift_state_name(row->state));
        escape_xml_attribute(out, row->reason);
        text_add(out, "\"/>\n");
        break;
    case OUTCOME_PASSED:
        if (row->state == DRIFT_FOUND) {
            text_add(out, "      <system-out>");
            add_findings(out, report, row->check);
            text_add(out, "</system-out>\n");
        }
        break;
    }
}

void drift_add_junit(struct text *out, const struct drift_report *report) {
    struct text counts = {0};
    text_addf(&counts, "tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", report->row_count,
              count_outcome(report, OUTCOME_FAILURE), count_outcome(report, OUTCOME_ERROR));
    text_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites %s time=\"0.000\">\n",
              counts.bytes ? counts.bytes : "");
    text_add(out, "  <testsuite name=\"drift of ");
    escape_xml_attribute(out, report->subject);
    text_addf(out, "\" %s skipped=\"%zu\" time=\"0.000\">\n", counts.bytes ? counts.bytes : "",
              count_outcome(report, OUTCOME_SKIPPED));
    for (size_t i = 0; i < report->row_count; i++) {
        const struct drift_row *row = &report->rows[i];
        text_addf(out, "    <testcase classname=\"drift\" name=\"%s\" time=\"0.000\">\n", row->check->id);
        add_outcome(out, report, row);
        text_add(out, "    </testcase>\n");
    }
    text_add(out, "  </testsuite>\n</testsuites>\n");
    out->failed = out->failed || counts.failed;
    text_release(&counts);
}
