/* What the commands `holdpoint drift ...` share: the vocabulary, the report, its forms, the exit code. */
#ifndef HOLDPOINT_COMMANDS_DRIFT_H
#define HOLDPOINT_COMMANDS_DRIFT_H

#include "harness/commands/options.h"
#include "harness/commands/outputs.h"
#include "harness/drift/finding.h"
#include "harness/drift/vocabulary.h"

enum { DRIFT_INPUTS_MAX = 2 };

/* One of them under way. Zeroed it holds nothing; release with drift_command_release. */
struct drift_command {
    const char *fixtures;
    struct outputs outputs;
    bool no_color;
    struct option_list operands;
    struct vocabulary *vocabulary;
    struct drift_report report;
    const char *const *inputs[DRIFT_INPUTS_MAX]; /* values of options that name a file which is read */
};

/* The option rows that all of them have; how many is DRIFT_OPTION_COUNT. */
enum { DRIFT_OPTION_COUNT = 4 };
void drift_command_fill(struct drift_command *command, struct option table[DRIFT_OPTION_COUNT]);

/* Reads the options and loads the vocabulary. False when the command is over: help, wrong use, a report that would be
 * written over another file of the command, fixtures that cannot be read; *exit_code is then what it returns. */
bool drift_command_begin(struct drift_command *command, const struct manual *manual,
                         const struct option *options, size_t option_count, int count, char **arguments,
                         int *exit_code);

/* Writes the report in every form that was asked for, as text when none was, and returns the exit code: 0 conforms, 1 drifts, 3
 * undecided or not written. A status other than HP_OK means that there is no report: then it complains, and returns 2 for
 * HP_INVALID, else 3. */
int drift_command_end(struct drift_command *command, const struct manual *manual, enum hp_status status,
                      const struct hp_problem *problem);

void drift_command_release(struct drift_command *command);

/* What `holdpoint drift` hands on to; arguments[0] is "db", "migrations", "source", "target", "governance". */
int command_drift_db(int count, char **arguments);
int command_drift_migrations(int count, char **arguments);
int command_drift_source(int count, char **arguments);
int command_drift_target(int count, char **arguments);
int command_drift_governance(int count, char **arguments);

#endif
