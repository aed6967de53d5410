#include "harness/report/summaries.h"
#include "harness/case/case.h"
#include "harness/report/escape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void summaries_add(struct summaries *summaries, const struct target_summary *summary) {
    struct target_summary *items = realloc(summaries->items, (summaries->count + 1) * sizeof *items);
    if (!items) {
        summaries->failed = true;
        return;
    }
    items[summaries->count++] = *summary;
    summaries->items = items;
}

void summaries_release(struct summaries *summaries) {
    free(summaries->items);
    *summaries = (struct summaries){0};
}

size_t summaries_count(const struct summaries *summaries, enum verdict verdict) {
    size_t count = 0;
    for (size_t i = 0; i < summaries->count; i++) {
        count += summaries->items[i].tally.counts[verdict];
    }
    return count;
}

bool chapter_take(const struct target_summary *summary, size_t *at, struct chapter *chapter) {
    if (*at >= summary->result_count) {
        return false;
    }
    const struct case_result *first = &summary->results[*at];
    *chapter = (struct chapter){.name = first->test_case->chapter, .results = first};
    while (*at < summary->result_count &&
           strcmp(summary->results[*at].test_case->chapter, chapter->name) == 0) {
        tally_add(&chapter->tally, summary->results[*at].verdict);
        chapter->duration_us += summary->results[*at].duration_us;
        chapter->count++;
        ++*at;
    }
    return true;
}

bool summary_is_empty(const struct target_summary *summary) {
    const size_t *counts = summary->tally.counts;
    return summary->result_count > 0 &&
           counts[VERDICT_UNSUPPORTED] + counts[VERDICT_NOT_RUN] == summary->result_count;
}

int summary_conclude(const struct target_summary *summary) {
    if (summary->down || summary->tally.counts[VERDICT_ERRORED] > 0) {
        return REPORT_BROKEN_CODE;
    }
    if (summary->baseline_problem_count > 0 || summary_is_empty(summary)) {
        return REPORT_FAILS_CODE;
    }
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (summary->tally.counts[verdict] > 0 && !verdict_conforms(verdict)) {
            return REPORT_FAILS_CODE;
        }
    }
    return 0;
}

const char *target_null_name(const char *target) {
    static const char prefix[] = "null:";
    return strncmp(target, prefix, sizeof prefix - 1) == 0 ? target + sizeof prefix - 1 : NULL;
}

bool case_allows_null(const struct test_case *test_case, const char *null_name) {
    return json_object_get(test_case->null_ok, null_name) != NULL;
}

const char *down_reason(const char *down, const char *target) {
    size_t length_bytes = strlen(target);
    bool named = strncmp(down, target, length_bytes) == 0 && strncmp(down + length_bytes, ": ", 2) == 0;
    return named ? down + length_bytes + 2 : down;
}

void add_repeat_command(struct text *out, const struct run_header *header, const char *target,
                        const struct case_result *result) {
    escape_shell(out, header->program ? header->program : "holdpoint");
    text_addf(out, " %s --target ", header->verb ? header->verb : "run");
    escape_shell(out, target);
    text_add(out, " --filter ");
    escape_shell(out, result->test_case->id);
    text_addf(out, " --seed %" PRIu64, header->seed);
    text_add(out, header->repeat ? header->repeat : "");
}

void add_seconds(struct text *out, int64_t duration_us, unsigned digits) {
    int64_t kept_us = duration_us > 0 ? duration_us : 0;
    int64_t fraction = kept_us % 1000000;
    for (unsigned i = digits; i < 6; i++) {
        fraction /= 10;
    }
    text_addf(out, "%" PRId64 ".%0*" PRId64, kept_us / 1000000, (int)digits, fraction);
}
