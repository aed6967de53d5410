#include "harness/base/suggest.h"
#include "harness/case/baseline.h"
#include "harness/case/baseline_entry.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

/* One baseline on the results of one target. */
struct application {
    const struct baseline *baseline;
    const struct suite *suite;
    const char *target;
    const char *today;
    struct case_result *results;
    size_t result_count;
    struct baseline_problems *problems;
};

void baseline_problems_release(struct baseline_problems *problems) {
    for (size_t i = 0; i < problems->count; i++) {
        free(problems->texts[i]);
    }
    free(problems->texts);
    memset(problems, 0, sizeof *problems);
}

/* Begins a text with the entry's place. */
static void add_place(const struct application *application, const struct known_failure *entry,
                      struct text *text) {
    text_addf(text, "%s:%zu: ", application->baseline->document.path,
              baseline_line(application->baseline, entry));
}

static bool is_past(const char *today, const struct known_failure *entry) {
    return entry->until && strcmp(today, entry->until) > 0;
}

static bool is_the_same(const struct known_failure *entry, const struct case_result *result) {
    return strcmp(entry->fingerprint, result->fingerprint) == 0;
}

bool baseline_expects(const struct baseline *baseline, const char *target, const char *today,
                      const struct case_result *result) {
    const struct known_failure *entry = baseline_find(baseline, result->test_case->id, target);
    return entry && result->verdict == VERDICT_FAILED && is_the_same(entry, result) && !is_past(today, entry);
}

enum hp_status baseline_problems_take(struct baseline_problems *problems, struct text *text) {
    char *taken = text_take(text);
    char **texts = taken ? realloc(problems->texts, (problems->count + 1) * sizeof *texts) : NULL;
    if (!texts) {
        free(taken);
        return HP_INTERNAL;
    }
    problems->texts = texts;
    texts[problems->count++] = taken;
    return HP_OK;
}

static void apply_to_failure(const struct application *application, const struct known_failure *entry,
                             struct case_result *result, struct text *text) {
    if (!is_the_same(entry, result)) {
        add_place(application, entry, text);
        text_addf(text,
                  "fails otherwise than recorded: if that is known too, set \"fingerprint\" to \"%s\" "
                  "(or run with --update-baseline)",
                  result->fingerprint);
    } else if (is_past(application->today, entry)) {
        add_place(application, entry, text);
        text_addf(text, "known, but only until %s: mend the target, or set a later \"until\"", entry->until);
    } else {
        result->verdict = VERDICT_EXPECTED_FAILURE;
        text_add(text, entry->reason);
        if (entry->link) {
            text_addf(text, " (%s)", entry->link);
        }
    }
}

static enum hp_status apply_to_result(const struct application *application, struct case_result *result) {
    struct text text = {0};
    const struct known_failure *entry =
        baseline_find(application->baseline, result->test_case->id, application->target);
    if (!entry || (result->verdict != VERDICT_FAILED && result->verdict != VERDICT_PASSED)) {
        return HP_OK;
    }
    if (result->verdict == VERDICT_FAILED) {
        apply_to_failure(application, entry, result, &text);
    } else {
        result->verdict = VERDICT_UNEXPECTED_PASS;
        add_place(application, entry, &text);
        text_addf(&text, "%s passes now: delete the entry (or run with --update-baseline)", entry->case_id);
    }
    free(result->baseline);
    result->baseline = text_take(&text);
    return result->baseline ? HP_OK : HP_INTERNAL;
}

static enum hp_status report_unknown(struct application *application, const struct known_failure *entry) {
    const struct suite *suite = application->suite;
    const char **ids = calloc(suite->case_count + 1, sizeof *ids);
    struct text text = {0};
    if (!ids) {
        return HP_INTERNAL;
    }
    for (size_t i = 0; i < suite->case_count; i++) {
        ids[i] = suite->cases[i].id;
    }
    const char *nearest = suggest_nearest(entry->case_id, ids, suite->case_count);
    add_place(application, entry, &text);
    text_addf(&text, "there is no case %s%s%s%s: delete the entry, or mend its \"case\"", entry->case_id,
              nearest ? " (did you mean " : "", nearest ? nearest : "", nearest ? "?)" : "");
    free(ids);
    return baseline_problems_take(application->problems, &text);
}

static const struct case_result *result_of(const struct application *application, const char *case_id) {
    for (size_t i = 0; i < application->result_count; i++) {
        if (strcmp(application->results[i].test_case->id, case_id) == 0) {
            return &application->results[i];
        }
    }
    return NULL;
}

/* Reports what is wrong with an entry whatever became of its case. */
static enum hp_status check_entry(struct application *application, const struct known_failure *entry) {
    struct text text = {0};
    if (!suite_case(application->suite, entry->case_id)) {
        return report_unknown(application, entry);
    }
    const struct case_result *result = result_of(application, entry->case_id);
    if (!result) {
        return HP_OK;
    }
    if (is_past(application->today, entry)) {
        add_place(application, entry, &text);
        text_addf(&text, "past its date %s: delete the entry, or set a later \"until\"", entry->until);
        return baseline_problems_take(application->problems, &text);
    }
    if (result->verdict == VERDICT_UNSUPPORTED || result->verdict == VERDICT_UNTESTABLE) {
        add_place(application, entry, &text);
        text_addf(&text, "matches nothing: %s is %s on %s: delete the entry", entry->case_id,
                  verdict_name(result->verdict), application->target);
        return baseline_problems_take(application->problems, &text);
    }
    return HP_OK;
}

enum hp_status baseline_apply(const struct baseline *baseline, const struct suite *suite, const char *target,
                              const char *today, struct case_result *results, size_t result_count,
                              struct baseline_problems *problems) {
    struct application application = {baseline, suite, target, today, results, result_count, problems};
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < result_count; i++) {
        status = apply_to_result(&application, &results[i]);
    }
    for (size_t i = 0; status == HP_OK && i < baseline->entry_count; i++) {
        if (known_failure_is_for(&baseline->entries[i], target)) {
            status = check_entry(&application, &baseline->entries[i]);
        }
    }
    return status;
}
