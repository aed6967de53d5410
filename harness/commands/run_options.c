#include "harness/commands/run_options.h"
#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
#include "harness/report/escape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    TIMEOUT_DEFAULT_MS = 10000,
    TIMEOUT_MAX_MS = 3600000,
    CROWD_MAX = 1000000,
    JOBS_MAX = 64,
    SEED_DEFAULT = 1,
    TABLE_ROOM = 32 /* more than both tables together */
};

static const struct manual manual = {
    .command = "run",
    .synopsis = "[OPTION]...",
    .purpose = "Runs the cases against a target and says which requirements it breaks.\n"
               "\n"
               "TARGET is memory (the reference), postgres (the same over a throwaway\n"
               "PostgreSQL server), postgres:DSN (in a schema of its own of that database,\n"
               "dropped in the end), http or http:postgres (holdpoint serve, started for the\n"
               "run), http:URL (a service with the contract's routes), profile:FILE (any\n"
               "other, as docs/profiles.md has it), stdio:COMMAND (a program that speaks the\n"
               "wire of docs/adapters.md), or null:NAME (a service that obeys no rule, to\n"
               "prove that the cases bite).\n"
               "\n"
               "Several targets must agree: a case that comes to another verdict than on the\n"
               "first, or to other answers, is a difference in parity. Nulls are left aside.\n"
               "\n"
               "Exit codes: 0 conforms; 1 does not, or parity does not hold; 2 wrong use,\n"
               "nothing selected, bad fixtures or baseline; 3 the harness or the adapter\n"
               "broke, or a report could not be written; 130 interrupted (Ctrl-C ends the\n"
               "run after the current case, the reports are written).\n",
    .examples = "  holdpoint run\n"
                "  holdpoint run --target 'stdio:python3 my_adapter.py' --filter users --fail-fast\n"
                "  holdpoint run --target memory --target 'stdio:./mine' --format junit --output junit.xml\n"
                "  holdpoint run --target 'stdio:./mine' --jobs 4 --shard 2/3 --report-dir part-2\n",
};

static const struct manual replay_manual = {
    .command = "replay",
    .synopsis = "[OPTION]... FILE...",
    .purpose = "Runs the cases of files alone, wherever they lie, with the requirements of the\n"
               "fixtures: above all what `holdpoint explore` has found and written down. Options,\n"
               "reports and exit codes are those of `holdpoint run`. A case that was found by\n"
               "chance plays its script in so many rounds that what was found comes back.\n",
    .examples = "  holdpoint replay reports/explore/order-s1-r17.json --target memory\n"
                "  holdpoint replay --target 'stdio:./mine' reports/explore/*.json\n",
    .operands_min = 1,
    .operands_max = 4096,
};

/* The formats, as reports.c makes them. */
static const char *const formats[] = {"terminal", "junit", "ndjson", "markdown", "html", NULL};

/* What the options cannot check one by one. */
static enum hp_status check_together(struct run_options *options, struct hp_problem *problem) {
    enum hp_status status = outputs_check(&options->outputs, problem);
    if (status != HP_OK) {
        return status;
    }
    if (options->update_baseline && !options->baseline) {
        return hp_problem_set(problem, HP_INVALID, NULL, "--update-baseline needs --baseline FILE");
    }
    if (options->targets.count > 0) {
        return HP_OK;
    }
    options->targets.items = malloc(sizeof *options->targets.items);
    if (!options->targets.items) {
        return hp_problem_no_memory(problem);
    }
    options->targets.items[options->targets.count++] = "memory";
    return HP_OK;
}

static enum hp_status take_shard(void *value, const char *text, struct hp_problem *problem) {
    return shard_read(text, value, problem);
}

#define VALUE(kind_, field) .kind = kind_, .value = &options->field

/* What is run, and how. Returns how many options were put down. */
static size_t fill_run_table(struct option *table, struct run_options *options) {
    const struct option rows[] = {
        {.name = "target",
         .argument = "TARGET",
         VALUE(OPTION_LIST, targets),
         .help = "what is tested; default memory; given again: one after the other, and a matrix"},
        {.name = "filter",
         .argument = "PATTERN",
         VALUE(OPTION_LIST, filters),
         .help = "only these cases: an id or its beginning, a glob with * and ?, a requirement; ! excludes; "
                 "may be given again"},
        {.name = "level",
         .argument = "LEVEL",
         VALUE(OPTION_TEXT, level),
         .help = "only MUST or only SHOULD; default both"},
        {.name = "shard",
         .argument = "I/N",
         .kind = OPTION_CALL,
         .value = &options->shard,
         .take = take_shard,
         .help =
             "only the I-th of N parts of the selection, for machines that share a run; `holdpoint report "
             "merge` puts their report.ndjson together"},
        {.name = "jobs",
         .argument = "N",
         VALUE(OPTION_NUMBER, jobs),
         .minimum = 1,
         .maximum = JOBS_MAX,
         .help =
             "run so many cases of a target at once, each on an instance of its own; default 1. Cases that "
             "need the machine for themselves still run alone"},
        {.name = "seed",
         .argument = "N",
         VALUE(OPTION_NUMBER, seed),
         .maximum = INT64_MAX,
         .help = "where made-up names begin; default 1"},
        {.name = "timeout",
         .argument = "MS",
         VALUE(OPTION_NUMBER, timeout_ms),
         .minimum = 1,
         .maximum = TIMEOUT_MAX_MS,
         .help = "how long one call may take; default 10000"},
        {.name = "fail-fast",
         VALUE(OPTION_FLAG, fail_fast),
         .help = "stop at the first case that does not pass"},
        {.name = "no-parity",
         VALUE(OPTION_FLAG, no_parity),
         .help = "do not hold the targets against each other: with several, each case's verdict and what was "
                 "said in "
                 "it must be the same as on the first, but for what the contract leaves free"},
        {.name = "baseline",
         .argument = "FILE",
         VALUE(OPTION_TEXT, baseline),
         .help = "known failures, which do not fail the run while they fail as recorded"},
        {.name = "update-baseline",
         VALUE(OPTION_FLAG, update_baseline),
         .help = "write the baseline anew as this run went; new entries get an empty reason that somebody "
                 "has to write"},
        {.name = "without",
         .argument = "CAPABILITIES",
         VALUE(OPTION_TEXT, without),
         .help = "hide these from the harness: reset,clock"},
        {.name = "crowd",
         .argument = "N",
         VALUE(OPTION_NUMBER, crowd),
         .maximum = CROWD_MAX,
         .help = "fill the target with so many interrupts of strangers first"},
    };
    memcpy(table, rows, sizeof rows);
    return sizeof rows / sizeof rows[0];
}

/* What is written, and where. */
static size_t fill_report_table(struct option *table, struct run_options *options) {
    const struct option rows[] = {
        {.name = "trace",
         .argument = "FILE",
         VALUE(OPTION_TEXT, trace),
         .help = "write down every call and every answer"},
        OUTPUTS_OPTIONS(&options->outputs, "terminal, junit, ndjson, markdown or html"),
        {.name = "report-dir",
         .argument = "DIR",
         VALUE(OPTION_TEXT, report_dir),
         .help = "write junit.xml, report.ndjson, summary.md and report.html there; default reports/latest "
                 "where a folder "
                 "reports exists"},
        {.name = "no-color",
         VALUE(OPTION_FLAG, no_color),
         .help = "no colours; NO_COLOR or TERM=dumb in the environment does the same"},
        {.name = "fixtures", .argument = "DIR", VALUE(OPTION_TEXT, fixtures), .help = FIXTURES_HELP},
    };
    memcpy(table, rows, sizeof rows);
    return sizeof rows / sizeof rows[0];
}

bool run_options_read(struct run_options *options, bool replays, int count, char **arguments,
                      int *exit_code) {
    const struct manual *chosen = replays ? &replay_manual : &manual;
    *options = (struct run_options){
        .seed = SEED_DEFAULT, .timeout_ms = TIMEOUT_DEFAULT_MS, .jobs = 1, .outputs = {.formats = formats}};
    struct option table[TABLE_ROOM];
    size_t option_count = fill_run_table(table, options);
    option_count += fill_report_table(table + option_count, options);
    struct hp_problem problem = {0};
    bool goes_on = options_begin(chosen, table, option_count, count, arguments, &options->files, exit_code);
    if (goes_on && check_together(options, &problem) != HP_OK) {
        *exit_code = usage_complain(chosen->command, &problem);
        goes_on = false;
    }
    return goes_on;
}

void run_options_release(struct run_options *options) {
    option_list_release(&options->targets);
    option_list_release(&options->filters);
    option_list_release(&options->files);
}

static void add_text_option(struct text *out, const char *name, const char *value) {
    if (value) {
        text_addf(out, " --%s ", name);
        escape_shell(out, value);
    }
}

static void add_list_option(struct text *out, const char *name, const struct option_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        add_text_option(out, name, list->items[i]);
    }
}

void run_options_add_repeat(struct text *out, const struct run_options *options) {
    if (options->timeout_ms != TIMEOUT_DEFAULT_MS) {
        text_addf(out, " --timeout %" PRIu64, options->timeout_ms);
    }
    add_text_option(out, "without", options->without);
    if (options->crowd > 0) {
        text_addf(out, " --crowd %" PRIu64, options->crowd);
    }
    add_text_option(out, "fixtures", options->fixtures);
}

void run_options_add_verb(struct text *out, const struct run_options *options) {
    text_add(out, options->files.count > 0 ? "replay" : "run");
    for (size_t i = 0; i < options->files.count; i++) {
        text_add(out, " ");
        escape_shell(out, options->files.items[i]);
    }
}

void run_options_add_command(struct text *out, const struct run_options *options) {
    escape_shell(out, program_called());
    text_add(out, " ");
    run_options_add_verb(out, options);
    add_list_option(out, "target", &options->targets);
    add_list_option(out, "filter", &options->filters);
    add_text_option(out, "level", options->level);
    text_addf(out, " --seed %" PRIu64, options->seed);
    text_add(out, options->fail_fast ? " --fail-fast" : "");
    text_add(out, options->no_parity ? " --no-parity" : "");
    add_text_option(out, "baseline", options->baseline);
    run_options_add_repeat(out, options);
    if (options->jobs > 1) {
        text_addf(out, " --jobs %" PRIu64, options->jobs);
    }
    /* At the end, where a merge takes it off. */
    if (options->shard.count > 0) {
        text_addf(out, " --shard %u/%u", options->shard.index, options->shard.count);
    }
}
