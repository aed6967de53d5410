/* `holdpoint run`: selected cases against one target or several. */
#include "harness/base/folder.h"
#include "harness/case/select.h"
#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
#include "harness/commands/reports.h"
#include "harness/commands/run_target.h"
#include "harness/commands/signals.h"
#include "harness/report/summaries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool is_interrupted(void *context) {
    (void)context;
    return signals_caught();
}

/* Everything that a run holds. */
struct run {
    struct run_options options;
    struct suite *suite;
    const struct test_case **cases;
    size_t case_count;
    const char **selection; /* of a part: the ids of the whole; else NULL */
    size_t selection_count;
    struct baseline *baseline;
    struct baseline_strangers strangers;
    FILE *trace;
    struct reports reports;
    struct text command;
    struct text repeat;
    struct text verb;
    struct target_run *targets;
    size_t target_count; /* how many were begun */
    struct parity parity;
    char today[16];
};

/* Entries of a baseline hold by the calendar day in UTC, wherever the run is. */
static void put_today(char today[16]) {
    time_t now = time(NULL);
    struct tm calendar;
    gmtime_r(&now, &calendar);
    strftime(today, 16, "%Y-%m-%d", &calendar);
}

/* A baseline that is to be written may be missing before. */
static enum hp_status load_baseline(struct run *run, struct hp_problem *problem) {
    const char *path = run->options.baseline;
    if (!path) {
        return HP_OK;
    }
    if (run->options.update_baseline && access(path, F_OK) != 0 && errno == ENOENT) {
        return HP_OK;
    }
    enum hp_status status = baseline_load(path, &run->baseline, problem);
    if (status == HP_OK && baseline_find_strangers(run->baseline, run->options.targets.items,
                                                   run->options.targets.count, &run->strangers) != HP_OK) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}

static void print_notes(const struct baseline_problems *notes) {
    for (size_t i = 0; i < notes->count; i++) {
        fprintf(stderr, "holdpoint run: note: %s\n", notes->texts[i]);
    }
}

/* Of a part the whole is kept, for the report. */
static enum hp_status take_part(struct run *run, struct hp_problem *problem) {
    if (run->options.shard.count == 0) {
        return HP_OK;
    }
    run->selection = calloc(run->case_count + 1, sizeof *run->selection);
    if (!run->selection) {
        return hp_problem_no_memory(problem);
    }
    for (; run->selection_count < run->case_count; run->selection_count++) {
        run->selection[run->selection_count] = run->cases[run->selection_count]->id;
    }
    return shard_take(&run->options.shard, run->cases, &run->case_count, problem);
}

static enum hp_status run_load(struct run *run, struct hp_problem *problem) {
    const struct run_options *options = &run->options;
    struct selection selection = {options->filters.items, options->filters.count, options->level};
    enum hp_status status = fixtures_load_files(options->fixtures, &options->files, &run->suite, problem);
    if (status == HP_OK) {
        status = select_cases(run->suite, &selection, &run->cases, &run->case_count, problem);
    }
    if (status == HP_OK) {
        status = take_part(run, problem);
    }
    if (status == HP_OK) {
        status = load_baseline(run, problem);
    }
    return status;
}

/* A name that is no target, or no capability, is found before anything runs. */
static enum hp_status check_targets(const struct run *run, struct hp_problem *problem) {
    for (size_t i = 0; i < run->options.targets.count; i++) {
        struct target *target = NULL;
        enum hp_status status =
            target_make(run->options.targets.items[i], &run->options, NULL, &target, problem);
        target_free(target);
        if (status != HP_OK) {
            return status;
        }
    }
    return HP_OK;
}

static enum hp_status run_open(struct run *run, struct hp_problem *problem) {
    run_options_add_command(&run->command, &run->options);
    run_options_add_repeat(&run->repeat, &run->options);
    run_options_add_verb(&run->verb, &run->options);
    run->targets = calloc(run->options.targets.count, sizeof *run->targets);
    if (run->command.failed || run->repeat.failed || run->verb.failed || !run->targets) {
        return hp_problem_no_memory(problem);
    }
    if (run->options.trace) {
        run->trace = fopen(run->options.trace, "wb");
        if (!run->trace) {
            return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the trace %s cannot be written: %s",
                                  run->options.trace, strerror(errno));
        }
    }
    return reports_open(&run->reports, &run->options, problem);
}

/* Nulls differ from everybody by nature. */
static bool is_compared(const struct run *run, size_t at) {
    return !target_null_name(run->options.targets.items[at]);
}

/* The first target that is compared with others, or the number of targets when none is. */
static size_t find_first(const struct run *run) {
    size_t first = 0;
    while (first < run->options.targets.count && !is_compared(run, first)) {
        first++;
    }
    return first;
}

static bool wants_parity(const struct run *run) {
    size_t others = 0;
    for (size_t i = find_first(run) + 1; i < run->options.targets.count; i++) {
        others += is_compared(run, i);
    }
    return others > 0 && !run->options.no_parity;
}

/* Holds every target against the first. */
static enum hp_status compare_targets(struct run *run, struct hp_problem *problem) {
    const struct target_run *first = &run->targets[find_first(run)];
    struct parity *parity = &run->parity;
    parity->targets = calloc(run->target_count, sizeof *parity->targets);
    enum hp_status status = parity->targets ? HP_OK : HP_INTERNAL;
    for (size_t i = find_first(run) + 1; i < run->target_count && status == HP_OK; i++) {
        const struct target_run *other = &run->targets[i];
        if (is_compared(run, i)) {
            struct parity_target *target = &parity->targets[parity->target_count++];
            status = parity_compare(first->results, other->results, first->result_count, target);
            target->first = first->name;
            target->target = other->name;
        }
    }
    if (status != HP_OK) {
        return hp_problem_no_memory(problem);
    }
    run->reports.all->ops->parity(run->reports.all, parity);
    return HP_OK;
}

/* The worst of the targets; broken wins over failed. */
static int run_code(const struct run *run) {
    int worst = EXIT_CONFORMS;
    for (size_t i = 0; i < run->target_count; i++) {
        int code = target_run_code(&run->targets[i]);
        worst = code > worst ? code : worst;
    }
    if (worst == EXIT_CONFORMS && parity_count_differences(&run->parity) > 0) {
        worst = EXIT_FAILS;
    }
    return signals_caught() ? EXIT_INTERRUPTED : worst;
}

static enum hp_status run_targets(struct run *run, struct hp_problem *problem) {
    const char *folder = reports_folder(&run->options);
    char *evidence = folder ? path_join(folder, "evidence") : NULL;
    struct run_context context = {
        .options = &run->options,
        .suite = run->suite,
        .cases = run->cases,
        .case_count = run->case_count,
        .baseline = run->baseline,
        .misnamed = &run->strangers.misnamed,
        .today = run->today,
        .trace = run->trace,
        .keep_parity = wants_parity(run),
        .evidence = evidence,
        .reporter = run->reports.all,
        .stop = is_interrupted,
    };
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < run->options.targets.count && status == HP_OK; i++) {
        const char *name = run->options.targets.items[i];
        bool over = signals_caught() || (run->options.fail_fast && run_code(run) != EXIT_CONFORMS);
        run->target_count = i + 1;
        status = (over ? target_run_skip : target_run_play)(&run->targets[i], name, &context, problem);
    }
    free(evidence);
    return status;
}

static enum hp_status update_baseline(struct run *run, struct hp_problem *problem) {
    struct baseline_outcome *outcomes = calloc(run->target_count, sizeof *outcomes);
    if (!outcomes) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < run->target_count; i++) {
        const struct target_run *target = &run->targets[i];
        outcomes[i] = (struct baseline_outcome){target->name, target->results, target->result_count};
    }
    size_t added = 0;
    enum hp_status status = baseline_update(run->options.baseline, run->baseline, run->suite, outcomes,
                                            run->target_count, &added, problem);
    free(outcomes);
    if (status == HP_OK && added > 0) {
        fprintf(stderr, "holdpoint run: %s has %zu new entries; write a reason in each\n",
                run->options.baseline, added);
    }
    return status;
}

static int run_play(struct run *run, struct hp_problem *problem) {
    struct run_header header = {
        .suite = run->suite,
        .suite_digest = run->suite->digest,
        .cases = run->cases,
        .selected = run->case_count,
        .shard = run->options.shard,
        .selection = run->selection,
        .selection_count = run->selection_count,
        .targets = run->options.targets.items,
        .target_count = run->options.targets.count,
        .seed = run->options.seed,
        .command = run->command.bytes,
        .repeat = run->repeat.bytes ? run->repeat.bytes : "",
        .verb = run->verb.bytes,
        .program = program_called(),
    };
    struct reporter *reporter = run->reports.all;
    print_notes(&run->strangers.notes);
    reporter->ops->begin(reporter, &header);
    enum hp_status status = run_targets(run, problem);
    if (status == HP_OK && wants_parity(run)) {
        status = compare_targets(run, problem);
    }
    if (status == HP_OK && run->options.update_baseline) {
        status = update_baseline(run, problem);
    }
    int code = run_code(run);
    if (status != HP_OK) {
        fprintf(stderr, "holdpoint run: %s\n", problem->detail);
        code = status == HP_INVALID ? EXIT_USAGE : EXIT_BROKEN;
    }
    bool written = !run->trace || (fflush(run->trace) == 0 && !ferror(run->trace));
    written = reporter->ops->settle(reporter, written ? code : EXIT_BROKEN) && written;
    code = written ? code : EXIT_BROKEN;
    reporter->ops->end(reporter, code);
    return code;
}

/* The trace is a report too: when it is not whole, that is said. */
static bool close_trace(struct run *run) {
    bool written = !run->trace || !ferror(run->trace);
    written = (!run->trace || fclose(run->trace) == 0) && written;
    if (!written) {
        fprintf(stderr, "holdpoint run: %s could not be written\n", run->options.trace);
    }
    return written;
}

/* The suite of the last run stays until the process ends, which is when the system takes it back at once;
 * freeing its hundred thousand pieces one by one would cost a tenth of the run. */
static void keep_suite(struct suite *suite) {
    static struct suite *kept;
    suite_free(kept);
    kept = suite;
}

static void run_release(struct run *run) {
    for (size_t i = 0; i < run->target_count; i++) {
        target_run_release(&run->targets[i]);
    }
    parity_release(&run->parity);
    free(run->targets);
    baseline_strangers_release(&run->strangers);
    baseline_free(run->baseline);
    free(run->cases);
    free(run->selection);
    keep_suite(run->suite);
    text_release(&run->command);
    text_release(&run->repeat);
    text_release(&run->verb);
    run_options_release(&run->options);
}

static const char *command_name(const struct run *run) {
    return run->options.files.count > 0 ? "replay" : "run";
}

/* A file that cannot be opened is no wrong use: the same command works elsewhere. */
static int complain(const struct run *run, enum hp_status status, const struct hp_problem *problem) {
    int code = usage_complain(command_name(run), problem);
    return status == HP_UNAVAILABLE ? EXIT_BROKEN : code;
}

static int run_command(bool replays, int count, char **arguments) {
    struct run run = {0};
    struct hp_problem problem = {0};
    int code;
    if (!run_options_read(&run.options, replays, count, arguments, &code)) {
        run_release(&run);
        return code;
    }
    put_today(run.today);
    signals_catch();
    if (reports_check(&run.options, &problem) != HP_OK || check_targets(&run, &problem) != HP_OK ||
        run_load(&run, &problem) != HP_OK) {
        code = usage_complain(command_name(&run), &problem);
    } else {
        enum hp_status status = run_open(&run, &problem);
        code = status == HP_OK ? run_play(&run, &problem) : complain(&run, status, &problem);
    }
    bool written = reports_close(&run.reports);
    written = close_trace(&run) && written;
    run_release(&run);
    return written ? code : EXIT_BROKEN;
}

int command_run(int count, char **arguments) {
    return run_command(false, count, arguments);
}

int command_replay(int count, char **arguments) {
    return run_command(true, count, arguments);
}
