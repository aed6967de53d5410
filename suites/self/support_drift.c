#include "suites/self/support_drift.h"

const struct drift_check drift_sample_checks[DRIFT_SAMPLE_CHECKS] = {
    {"kind-missing", "Each kind can be stored", DRIFT_ERROR, "F1", "REQ-TABLE-5", "add it"},
    {"comment-values", "Comments name what there is", DRIFT_WARNING, NULL, "REQ-TABLE-14", "write it anew"},
    {"table-other", "One table holds them", DRIFT_NOTE, NULL, "REQ-TABLE-1", "nothing"},
    {"updated-at", "Each update sets updated_at", DRIFT_ERROR, NULL, "REQ-TABLE-11", "create a trigger"},
    {"row-kind", "Rows are of the vocabulary", DRIFT_ERROR, "F1", "REQ-TABLE-16", "correct them"},
};

const char drift_hostile[] = "a<b>&\"'`]]>\x1b[31m\xe2\x80\xae\xff|*\t";

void drift_sample_clean(struct drift_report *report) {
    drift_report_init(report, drift_sample_checks, DRIFT_SAMPLE_CHECKS);
    report->subject = text_copy("the database flows");
    for (size_t i = 0; i < DRIFT_SAMPLE_CHECKS; i++) {
        drift_examined(report, &drift_sample_checks[i]);
    }
}

void drift_sample_full(struct drift_report *report) {
    const struct drift_check *checks = drift_sample_checks;
    drift_report_init(report, checks, DRIFT_SAMPLE_CHECKS);
    report->subject = text_copy(drift_hostile);
    drift_find(report, &checks[0], &(struct drift_place){.object = drift_hostile}, NULL, "%s is refused.",
               drift_hostile);
    drift_find(report, &checks[1], &(struct drift_place){.file = drift_hostile, .line = 7}, drift_hostile,
               "It says %s.", drift_hostile);
    drift_find(report, &checks[2], NULL, "first;\nsecond;", "There is another.");
    drift_undecided(report, &checks[3], "the server said %s", drift_hostile);
    drift_skipped(report, &checks[4], "kind-missing must be mended first");
}
