#include "harness/drift/describe.h"

#include "harness/base/suggest.h"

#include <string.h>

enum { ABSENT_KINDS, FOREIGN_KINDS, ABSENT_STATUSES, FOREIGN_STATUSES, ABSENT_DECISIONS, FOREIGN_DECISIONS };

const struct drift_check describe_checks[] = {
    [ABSENT_KINDS] =
        {"target-kinds", "the service knows the seven kinds", DRIFT_ERROR, "F1", "REQ-KIND-6",
         "Add it wherever the service lists its kinds; `holdpoint drift source` finds the places."},
    [FOREIGN_KINDS] = {"target-kinds-extra", "the service knows no other kind", DRIFT_ERROR, "F1",
                       "REQ-KIND-6", "Take it out, or give it the contract's name."},
    [ABSENT_STATUSES] = {"target-statuses", "the service knows the four statuses", DRIFT_ERROR, "F1",
                         "REQ-KIND-6", "Add it wherever the service lists its statuses."},
    [FOREIGN_STATUSES] = {"target-statuses-extra", "the service knows no other status", DRIFT_ERROR, "F1",
                          "REQ-KIND-6", "Take it out, or give it the contract's name."},
    [ABSENT_DECISIONS] = {"target-decisions", "the service knows the three decisions", DRIFT_ERROR, "F1",
                          "REQ-KIND-6", "Add it wherever the service lists its decisions."},
    [FOREIGN_DECISIONS] = {"target-decisions-extra", "the service knows no other decision", DRIFT_ERROR, "F1",
                           "REQ-KIND-6", "Take it out, or give it the contract's name."},
};
const size_t describe_check_count = sizeof describe_checks / sizeof describe_checks[0];

/* One list of words under judgement. */
struct listing {
    const char *member;
    size_t absent, foreign; /* checks */
    const struct words *words;
    const json_t *said;
    struct drift_report *report;
};

static bool says(const struct listing *listing, const char *word) {
    for (size_t i = 0; i < json_array_size(listing->said); i++) {
        const char *said = json_string_value(json_array_get(listing->said, i));
        if (said && strcmp(said, word) == 0) {
            return true;
        }
    }
    return false;
}

static void judge_absent(const struct listing *listing) {
    for (size_t i = 0; i < listing->words->count; i++) {
        const char *word = listing->words->items[i];
        const struct drift_place place = {.object = listing->member};
        if (!says(listing, word)) {
            drift_find(listing->report, &describe_checks[listing->absent], &place, NULL,
                       "It does not name %s.", word);
        }
    }
}

static void judge_foreign(const struct listing *listing) {
    for (size_t i = 0; i < json_array_size(listing->said); i++) {
        const char *said = json_string_value(json_array_get(listing->said, i));
        const struct drift_place place = {.object = listing->member};
        if (said && !words_hold(listing->words, said)) {
            const char *nearest = suggest_nearest(said, listing->words->items, listing->words->count);
            drift_find(listing->report, &describe_checks[listing->foreign], &place, NULL,
                       "It names %s, which the contract does not know%s%s.", said,
                       nearest ? "; the contract says " : "", nearest ? nearest : "");
        } else if (!said) {
            drift_find(listing->report, &describe_checks[listing->foreign], &place, "Answer a list of texts.",
                       "What it names is no text.");
        }
    }
}

void describe_begin(struct drift_report *report, const char *subject) {
    drift_report_init(report, describe_checks, describe_check_count);
    report->subject = text_copy(subject);
    report->failed = report->failed || !report->subject;
}

void describe_drift(const json_t *result, const struct vocabulary *vocabulary, struct drift_report *report) {
    const struct listing listings[] = {
        {"kinds", ABSENT_KINDS, FOREIGN_KINDS, &vocabulary->kinds, json_object_get(result, "kinds"), report},
        {"statuses", ABSENT_STATUSES, FOREIGN_STATUSES, &vocabulary->statuses,
         json_object_get(result, "statuses"), report},
        {"decisions", ABSENT_DECISIONS, FOREIGN_DECISIONS, &vocabulary->decisions,
         json_object_get(result, "decisions"), report},
    };
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        judge_absent(&listings[i]);
        judge_foreign(&listings[i]);
    }
    for (size_t i = 0; i < describe_check_count; i++) {
        drift_examined(report, &describe_checks[i]);
    }
}

void describe_undecided(struct drift_report *report, const char *reason) {
    for (size_t i = 0; i < describe_check_count; i++) {
        drift_undecided(report, &describe_checks[i], "%s", reason);
    }
}
