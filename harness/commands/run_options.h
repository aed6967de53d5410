/* What a command line of `holdpoint run` asks for. */
#ifndef HOLDPOINT_COMMANDS_RUN_OPTIONS_H
#define HOLDPOINT_COMMANDS_RUN_OPTIONS_H

#include "harness/case/shard.h"
#include "harness/commands/options.h"
#include "harness/commands/outputs.h"
#include "reference/base/text.h"

/* Texts are borrowed from the arguments. */
struct run_options {
    struct option_list targets; /* at least one after run_options_read */
    struct option_list filters;
    struct option_list files; /* of replay: whose cases alone are run */
    const char *level;
    uint64_t seed;
    uint64_t timeout_ms;
    uint64_t crowd; /* 0: none */
    uint64_t jobs;  /* how many cases of a target may run at once */
    struct shard shard;
    bool fail_fast;
    bool update_baseline;
    bool no_color;
    bool no_parity;
    const char *baseline;
    const char *without;
    const char *trace;
    const char *report_dir;
    const char *fixtures;
    struct outputs outputs;
};

/* Reads the command line of run, or of replay. False when the command is over (help, wrong use); *exit_code is then what it
 * returns. The caller releases *options in either case. */
bool run_options_read(struct run_options *options, bool replays, int count, char **arguments, int *exit_code);
void run_options_release(struct run_options *options);

/* Adds the command line that repeats the run: without the options that only say where reports go. */
void run_options_add_command(struct text *out, const struct run_options *options);

/* Adds the command by itself: "run", or "replay FILE...". */
void run_options_add_verb(struct text *out, const struct run_options *options);

/* Adds those of its options that change how a single case runs, each with a blank before it. */
void run_options_add_repeat(struct text *out, const struct run_options *options);

#endif
