/* The commands of `holdpoint`. Each prints its result to stdout and complaints to stderr; harness/main.c
 * checks afterwards that stdout took everything. */
#ifndef HOLDPOINT_COMMANDS_COMMAND_H
#define HOLDPOINT_COMMANDS_COMMAND_H

/* What a command returns, and the process after it. */
enum exit_code {
    EXIT_CONFORMS = 0,      /* for other commands than run: it worked */
    EXIT_FAILS = 1,         /* the target does not conform */
    EXIT_USAGE = 2,         /* wrong use: arguments, fixtures, baseline, nothing selected */
    EXIT_BROKEN = 3,        /* the harness or the adapter broke, or a report could not be written */
    EXIT_INTERRUPTED = 130, /* Ctrl-C or SIGTERM; what was done until then is in the reports */
};

/* arguments[0] is the command's own name; returns an exit code. */
typedef int (*command_function)(int count, char **arguments);

struct command {
    const char *name;
    const char *summary; /* for the list of commands */
    command_function run;
};

int command_run(int count, char **arguments);
int command_list(int count, char **arguments);
int command_explain(int count, char **arguments);
int command_spec(int count, char **arguments);
int command_drift(int count, char **arguments);
int command_doctor(int count, char **arguments);
int command_mutants(int count, char **arguments);
int command_judge(int count, char **arguments);
int command_explore(int count, char **arguments);
int command_replay(int count, char **arguments);
int command_diff(int count, char **arguments);
int command_report(int count, char **arguments);
int command_serve(int count, char **arguments);
int command_new_adapter(int count, char **arguments);

/* The program as it was called, "build/holdpoint": what a person who repeats a command writes. "holdpoint"
 * before command_dispatch has seen the arguments. */
const char *program_called(void);

/* Finds the command that arguments[1] names and runs it. Handles --help, --version, `help COMMAND`, and a
 * command that does not exist. */
int command_dispatch(const struct command *commands, int count, char **arguments);

#endif
