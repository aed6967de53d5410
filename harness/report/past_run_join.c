#include "harness/report/past_run_alike.h"
#include "harness/report/past_run_merge.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

static enum hp_status check_targets(const struct past_run *runs, size_t at, struct hp_problem *problem) {
    for (size_t i = 0; i < at; i++) {
        for (size_t one = 0; one < runs[i].target_count; one++) {
            for (size_t other = 0; other < runs[at].target_count; other++) {
                const char *name = runs[at].target_names[other];
                if (strcmp(runs[i].target_names[one], name) == 0) {
                    return hp_problem_set(problem, HP_INVALID, NULL,
                                          "the target %s is there twice: in %s and %s", name, runs[i].path,
                                          runs[at].path);
                }
            }
        }
    }
    return HP_OK;
}

static enum hp_status check_runs(const struct past_run *runs, size_t count, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < count && count > 1 && status == HP_OK; i++) {
        const struct shard *shard = &runs[i].header.shard;
        if (shard->count > 0) {
            return hp_problem_set(
                problem, HP_INVALID, NULL,
                "%s is part %u of %u of a run; `holdpoint report merge` puts parts together", runs[i].path,
                shard->index, shard->count);
        }
        status = past_run_check_alike(&runs[0], &runs[i], false, problem);
        if (status == HP_OK) {
            status = check_targets(runs, i, problem);
        }
    }
    return status;
}

/* Each command on its own, one after the other. */
static char *join_commands(const struct past_run *runs, size_t count) {
    struct text text = {0};
    for (size_t i = 0; i < count; i++) {
        text_addf(&text, "%s%s", i ? "; " : "", runs[i].header.command);
    }
    return text_take(&text);
}

static bool allocate(const struct past_run *runs, size_t count, struct past_run *joined) {
    size_t targets = 1, compared = 1, cases = runs[0].case_count;
    for (size_t i = 0; i < count; i++) {
        targets += runs[i].target_count;
        compared += runs[i].parity.target_count;
    }
    joined->targets = calloc(targets, sizeof *joined->targets);
    joined->target_names = calloc(targets, sizeof *joined->target_names);
    joined->parity.targets = calloc(compared, sizeof *joined->parity.targets);
    joined->cases = calloc(cases + 1, sizeof *joined->cases);
    joined->selected = calloc(cases + 1, sizeof *joined->selected);
    joined->command = join_commands(runs, count);
    return joined->targets && joined->target_names && joined->parity.targets && joined->cases &&
           joined->selected && joined->command;
}

/* Results go by the joined run's cases, so that a case is one thing on all targets. */
static bool add_target(struct past_run *joined, const struct past_target *from) {
    size_t count = from->summary.result_count;
    struct past_target *target = &joined->targets[joined->target_count];
    joined->target_names[joined->target_count++] = from->summary.target;
    *target = (struct past_target){.summary = from->summary};
    target->results = calloc(count + 1, sizeof *target->results);
    if (!target->results) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        target->results[i] = from->results[i];
        target->results[i].test_case = &joined->cases[i];
    }
    target->summary.results = target->results;
    return true;
}

static bool add_parity(struct past_run *joined, const struct parity_target *from) {
    struct parity_target *target = &joined->parity.targets[joined->parity.target_count++];
    *target = *from;
    target->cases = calloc(from->case_count + 1, sizeof *target->cases);
    for (size_t i = 0; target->cases && i < from->case_count; i++) {
        target->cases[i] = from->cases[i];
        target->cases[i].test_case = &joined->cases[i];
    }
    return target->cases;
}

static bool add_run(struct past_run *joined, const struct past_run *run) {
    bool done = true;
    for (size_t i = 0; done && i < run->target_count; i++) {
        done = add_target(joined, &run->targets[i]);
    }
    for (size_t i = 0; done && i < run->parity.target_count; i++) {
        done = add_parity(joined, &run->parity.targets[i]);
    }
    joined->exit_code = run->exit_code > joined->exit_code ? run->exit_code : joined->exit_code;
    return done;
}

enum hp_status past_run_join(const struct past_run *runs, size_t count, struct past_run *joined,
                             struct hp_problem *problem) {
    *joined = (struct past_run){0};
    enum hp_status status = check_runs(runs, count, problem);
    if (status != HP_OK) {
        return status;
    }
    bool done = allocate(runs, count, joined);
    joined->case_count = done ? runs[0].case_count : 0;
    for (size_t i = 0; i < joined->case_count; i++) {
        joined->cases[i] = runs[0].cases[i];
        joined->selected[i] = &joined->cases[i];
    }
    for (size_t i = 0; done && i < count; i++) {
        done = add_run(joined, &runs[i]);
    }
    joined->header = runs[0].header;
    joined->header.command = joined->command;
    joined->header.cases = joined->selected;
    joined->header.targets = joined->target_names;
    joined->header.target_count = joined->target_count;
    return done ? HP_OK : hp_problem_no_memory(problem);
}
