/* JUnit in the shape that Jenkins and Surefire read: one testsuite for each chapter on each target, one for
 * the baseline entries of a target that need an edit, one for the parity of a target with the first, and one with an
 * error for a run that was interrupted. */
#include "harness/case/case.h"
#include "harness/report/escape.h"
#include "harness/report/sheet.h"
#include "harness/report/summaries.h"

#include <stdlib.h>
#include <string.h>

struct junit {
    struct reporter reporter;
    const struct parity *parity; /* NULL: nothing was compared */
    struct sheet sheet;
    struct summaries summaries;
    const struct run_header *header;
};

/* What JUnit counts of some cases. */
struct counts {
    size_t tests;
    size_t failures;
    size_t errors;
    size_t skipped;
    int64_t duration_us;
};

enum outcome { OUTCOME_PASSED, OUTCOME_FAILURE, OUTCOME_ERROR, OUTCOME_SKIPPED };

static const char *const outcome_elements[] = {NULL, "failure", "error", "skipped"};

static const enum outcome outcomes[VERDICT_COUNT] = {
    [VERDICT_PASSED] = OUTCOME_PASSED,
    [VERDICT_FAILED] = OUTCOME_FAILURE,
    [VERDICT_EXPECTED_FAILURE] = OUTCOME_SKIPPED,
    [VERDICT_UNEXPECTED_PASS] = OUTCOME_FAILURE,
    [VERDICT_UNSUPPORTED] = OUTCOME_SKIPPED,
    [VERDICT_UNTESTABLE] = OUTCOME_ERROR,
    [VERDICT_ERRORED] = OUTCOME_ERROR,
    [VERDICT_NOT_RUN] = OUTCOME_SKIPPED,
};

static struct counts count_tally(const struct tally *tally, int64_t duration_us) {
    struct counts counts = {.duration_us = duration_us};
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        size_t count = tally->counts[verdict];
        counts.tests += count;
        counts.failures += outcomes[verdict] == OUTCOME_FAILURE ? count : 0;
        counts.errors += outcomes[verdict] == OUTCOME_ERROR ? count : 0;
        counts.skipped += outcomes[verdict] == OUTCOME_SKIPPED ? count : 0;
    }
    return counts;
}

static void counts_add(struct counts *sum, const struct counts *more) {
    sum->tests += more->tests;
    sum->failures += more->failures;
    sum->errors += more->errors;
    sum->skipped += more->skipped;
    sum->duration_us += more->duration_us;
}

static void add_attribute(struct text *out, const char *name, const char *value) {
    text_addf(out, " %s=\"", name);
    escape_xml_attribute(out, value);
    text_add_byte(out, '"');
}

static void add_time(struct text *out, int64_t duration_us) {
    text_add(out, " time=\"");
    add_seconds(out, duration_us, 3);
    text_add_byte(out, '"');
}

static void add_counts(struct text *out, const struct counts *counts, bool skipped) {
    text_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", counts->tests, counts->failures,
              counts->errors);
    if (skipped) {
        text_addf(out, " skipped=\"%zu\"", counts->skipped);
    }
    add_time(out, counts->duration_us);
}

static void open_suite(struct text *out, const char *target, const char *chapter,
                       const struct counts *counts) {
    text_add(out, "  <testsuite name=\"");
    escape_xml_attribute(out, target);
    text_add_byte(out, '.');
    escape_xml_attribute(out, chapter);
    text_add_byte(out, '"');
    add_counts(out, counts, true);
    text_add(out, ">\n");
}

static void open_case(struct text *out, const char *target, const char *chapter, const char *name,
                      int64_t duration_us) {
    text_add(out, "    <testcase classname=\"");
    escape_xml_attribute(out, target);
    text_add_byte(out, '.');
    escape_xml_attribute(out, chapter);
    text_add_byte(out, '"');
    add_attribute(out, "name", name);
    add_time(out, duration_us);
}

static void add_labelled(struct text *out, const char *label, const char *value) {
    if (value && *value) {
        text_addf(out, "%s: ", label);
        escape_xml(out, value);
        text_add_byte(out, '\n');
    }
}

static void add_requirements(struct text *out, const struct junit *junit, const struct case_result *result) {
    for (size_t i = 0; i < 2 && result->requirements[i]; i++) {
        const struct requirement *requirement =
            junit->header->suite ? suite_requirement(junit->header->suite, result->requirements[i]) : NULL;
        add_labelled(out, result->requirements[i], requirement ? requirement->sentence : "");
    }
}

static void add_transcript(struct text *out, const struct case_result *result) {
    for (size_t i = 0; i < result->exchange_count; i++) {
        const struct exchange *exchange = &result->exchanges[i];
        escape_xml(out, exchange->step);
        text_add(out, ": ");
        escape_xml(out, exchange->method);
        text_add_byte(out, ' ');
        escape_xml(out, exchange->params);
        text_add(out, "\n    ");
        escape_xml(out, exchange->answer);
        text_add_byte(out, '\n');
    }
}

/* The body of a failure: everything that a person needs to see what went wrong. */
static void add_detail(struct text *out, const struct junit *junit, const char *target,
                       const struct case_result *result) {
    add_labelled(out, "title", result->test_case->title);
    add_requirements(out, junit, result);
    add_labelled(out, "step", result->step);
    add_labelled(out, "at", result->path);
    add_labelled(out, "expected", result->expected);
    add_labelled(out, "got", result->got);
    add_labelled(out, "baseline", result->baseline);
    add_transcript(out, result);
    add_labelled(out, "shown", result->exhibit);
    struct text command = {0};
    add_repeat_command(&command, junit->header, target, result);
    add_labelled(out, "repeat", command.bytes);
    out->failed = out->failed || command.failed;
    text_release(&command);
    add_labelled(out, "by hand", result->reproduce);
}

static void add_message(struct text *out, const struct case_result *result) {
    text_add(out, " message=\"");
    if (result->verdict == VERDICT_EXPECTED_FAILURE) {
        text_add(out, "known failure: ");
        escape_xml_attribute(out, result->baseline);
    } else if (result->verdict == VERDICT_UNEXPECTED_PASS) {
        text_add(out, "passes although the baseline says that it fails: ");
        escape_xml_attribute(out, result->baseline);
    } else {
        escape_xml_attribute(out, result->reason ? result->reason : verdict_name(result->verdict));
    }
    text_add_byte(out, '"');
}

static void write_outcome(struct text *out, const struct junit *junit, const char *target,
                          const struct case_result *result) {
    enum outcome outcome = outcomes[result->verdict];
    text_addf(out, "      <%s type=\"%s\"", outcome_elements[outcome], verdict_name(result->verdict));
    add_message(out, result);
    if (outcome == OUTCOME_SKIPPED) {
        text_add(out, "/>\n");
        return;
    }
    text_add_byte(out, '>');
    add_detail(out, junit, target, result);
    text_addf(out, "</%s>\n", outcome_elements[outcome]);
    if (result->log) {
        text_add(out, "      <system-err>");
        escape_xml(out, result->log);
        text_add(out, "</system-err>\n");
    }
}

static void write_case(struct junit *junit, const char *target, const struct case_result *result) {
    struct text *out = &junit->sheet.text;
    open_case(out, target, result->test_case->chapter, result->test_case->id, result->duration_us);
    if (result->verdict == VERDICT_PASSED) {
        text_add(out, "/>\n");
    } else {
        text_add(out, ">\n");
        write_outcome(out, junit, target, result);
        text_add(out, "    </testcase>\n");
    }
    sheet_flush(&junit->sheet);
}

static void write_baseline(struct text *out, const struct target_summary *summary) {
    size_t count = summary->baseline_problem_count;
    if (count == 0) {
        return;
    }
    struct counts counts = {.tests = count, .failures = count};
    open_suite(out, summary->target, "baseline", &counts);
    for (size_t i = 0; i < count; i++) {
        char name[48];
        snprintf(name, sizeof name, "baseline entry %zu", i + 1);
        open_case(out, summary->target, "baseline", name, 0);
        text_add(out, ">\n      <failure type=\"baseline\"");
        add_attribute(out, "message", summary->baseline_problems[i]);
        text_add(out, "/>\n    </testcase>\n");
    }
    text_add(out, "  </testsuite>\n");
}

static void write_target(struct junit *junit, const struct target_summary *summary) {
    struct text *out = &junit->sheet.text;
    struct chapter chapter;
    for (size_t at = 0; chapter_take(summary, &at, &chapter);) {
        struct counts counts = count_tally(&chapter.tally, chapter.duration_us);
        open_suite(out, summary->target, chapter.name, &counts);
        for (size_t i = 0; i < chapter.count; i++) {
            write_case(junit, summary->target, &chapter.results[i]);
        }
        text_add(out, "  </testsuite>\n");
    }
    write_baseline(out, summary);
}

static void add_side(struct text *out, const char *target, const char *value) {
    escape_xml(out, target);
    text_add(out, ": ");
    escape_xml(out, value);
    text_add_byte(out, '\n');
}

/* A difference, with both sides. */
static void write_pair(struct text *out, const struct parity_target *target, const struct parity_case *pair) {
    text_add(out, ">\n      <failure type=\"parity\" message=\"");
    escape_xml_attribute(out, target->target);
    text_add(out, " differs from ");
    escape_xml_attribute(out, target->first);
    text_add(out, "\">");
    add_labelled(out, "title", pair->test_case->title);
    add_labelled(out, "step", pair->step);
    add_labelled(out, "call", pair->method);
    add_labelled(out, "at", pair->step ? pair->path : "the verdict");
    add_side(out, target->first, pair->first);
    add_side(out, target->target, pair->other);
    text_add(out, "</failure>\n    </testcase>\n");
}

/* One testsuite for each target that was held against the first, one testcase for each case that could be. */
static void write_parity(struct junit *junit, const struct parity_target *target) {
    struct text *out = &junit->sheet.text;
    struct counts counts = {.tests = target->compared, .failures = target->differ};
    open_suite(out, target->target, "parity", &counts);
    for (size_t i = 0; i < target->case_count; i++) {
        const struct parity_case *pair = &target->cases[i];
        if (pair->state == PARITY_LEFT_OUT) {
            continue;
        }
        open_case(out, target->target, "parity", pair->test_case->id, 0);
        if (pair->state == PARITY_DIFFERS) {
            write_pair(out, target, pair);
        } else {
            text_add(out, "/>\n");
        }
        sheet_flush(&junit->sheet);
    }
    text_add(out, "  </testsuite>\n");
}

static struct counts count_all(const struct summaries *summaries, const struct parity *parity) {
    struct counts sum = {0};
    for (size_t i = 0; parity && i < parity->target_count; i++) {
        sum.tests += parity->targets[i].compared;
        sum.failures += parity->targets[i].differ;
    }
    for (size_t i = 0; i < summaries->count; i++) {
        const struct target_summary *summary = &summaries->items[i];
        struct chapter chapter;
        for (size_t at = 0; chapter_take(summary, &at, &chapter);) {
            struct counts counts = count_tally(&chapter.tally, chapter.duration_us);
            counts_add(&sum, &counts);
        }
        sum.tests += summary->baseline_problem_count;
        sum.failures += summary->baseline_problem_count;
    }
    return sum;
}

static void junit_begin(struct reporter *reporter, const struct run_header *header) {
    ((struct junit *)reporter)->header = header;
}

static void junit_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                               const char *down) {
    (void)reporter, (void)target, (void)hello, (void)down;
}

static void junit_case_done(struct reporter *reporter, const char *target, const struct case_result *result) {
    (void)reporter, (void)target, (void)result;
}

static void junit_target_end(struct reporter *reporter, const struct target_summary *summary) {
    summaries_add(&((struct junit *)reporter)->summaries, summary);
}

static void junit_parity(struct reporter *reporter, const struct parity *parity) {
    ((struct junit *)reporter)->parity = parity;
}

/* A run that was cut short would look green where its skipped cases are overlooked. */
static void write_interruption(struct text *out) {
    struct counts counts = {.tests = 1, .errors = 1};
    open_suite(out, "holdpoint", "run", &counts);
    open_case(out, "holdpoint", "run", "the run came to its end", 0);
    text_add(out, ">\n      <error type=\"interrupted\" message=\"the run was interrupted\"/>\n"
                  "    </testcase>\n  </testsuite>\n");
}

static bool junit_settle(struct reporter *reporter, int exit_code) {
    struct junit *junit = (struct junit *)reporter;
    struct text *out = &junit->sheet.text;
    struct counts sum = count_all(&junit->summaries, junit->parity);
    bool interrupted = exit_code == REPORT_INTERRUPTED_CODE;
    sum.tests += interrupted;
    sum.errors += interrupted;
    text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"holdpoint\"");
    add_counts(out, &sum, false);
    text_add(out, ">\n");
    for (size_t i = 0; i < junit->summaries.count; i++) {
        write_target(junit, &junit->summaries.items[i]);
    }
    for (size_t i = 0; junit->parity && i < junit->parity->target_count; i++) {
        write_parity(junit, &junit->parity->targets[i]);
    }
    if (interrupted) {
        write_interruption(out);
    }
    text_add(out, "</testsuites>\n");
    return sheet_settle(&junit->sheet) && !junit->summaries.failed;
}

static void junit_end(struct reporter *reporter, int exit_code) {
    (void)reporter, (void)exit_code;
}

static bool junit_close(struct reporter *reporter) {
    struct junit *junit = (struct junit *)reporter;
    bool written = sheet_close(&junit->sheet) && !junit->summaries.failed;
    summaries_release(&junit->summaries);
    free(junit);
    return written;
}

static const struct reporter_ops junit_ops = {
    junit_begin,  junit_target_begin, junit_case_done, junit_target_end,
    junit_parity, junit_settle,       junit_end,       junit_close,
};

struct reporter *reporter_junit_new(FILE *out) {
    struct junit *junit = malloc(sizeof *junit);
    if (!junit) {
        return NULL;
    }
    *junit = (struct junit){.reporter.ops = &junit_ops};
    sheet_init(&junit->sheet, out);
    return &junit->reporter;
}
