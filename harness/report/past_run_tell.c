#include "harness/report/past_run.h"
#include "harness/report/summaries.h"

#include <string.h>

size_t past_run_find(const struct past_run *run, const char *id, size_t hint) {
    for (size_t i = 0; i < run->case_count; i++) {
        size_t at = (hint + i) % run->case_count;
        if (strcmp(run->cases[at].id, id) == 0) {
            return at;
        }
    }
    return run->case_count;
}

int past_run_conclude(const struct past_run *run) {
    int worst = 0;
    for (size_t i = 0; i < run->target_count; i++) {
        int code = summary_conclude(&run->targets[i].summary);
        worst = code > worst ? code : worst;
    }
    return worst == 0 && parity_count_differences(&run->parity) > 0 ? REPORT_FAILS_CODE : worst;
}

bool past_run_tell(const struct past_run *run, struct reporter *reporter) {
    reporter->ops->begin(reporter, &run->header);
    for (size_t i = 0; i < run->target_count; i++) {
        const struct target_summary *summary = &run->targets[i].summary;
        reporter->ops->target_begin(reporter, summary->target, summary->hello, summary->down);
        for (size_t at = 0; at < summary->result_count; at++) {
            reporter->ops->case_done(reporter, summary->target, &summary->results[at]);
        }
        reporter->ops->target_end(reporter, summary);
    }
    if (run->parity.target_count > 0) {
        reporter->ops->parity(reporter, &run->parity);
    }
    bool written = reporter->ops->settle(reporter, run->exit_code);
    reporter->ops->end(reporter, run->exit_code);
    return written;
}
