/* Long options, declared as a table: from it they are read, checked and explained. */
#ifndef HOLDPOINT_COMMANDS_OPTIONS_H
#define HOLDPOINT_COMMANDS_OPTIONS_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Texts in the order in which they were given, borrowed from the arguments. Zeroed it is empty. */
struct option_list {
    const char **items;
    size_t count;
};

void option_list_release(struct option_list *list);

enum option_kind {
    OPTION_FLAG, /* value: bool, set to true */
    OPTION_TEXT, /* value: const char *, the last one given; not "" where the argument is FILE, DIR or PATH */
    OPTION_LIST, /* value: struct option_list, all that were given */
    OPTION_NUMBER, /* value: uint64_t, from minimum to maximum */
    OPTION_CALL,   /* value: handed to `take` with each text */
};

/* One option. */
struct option {
    const char *name;     /* without the dashes */
    const char *argument; /* what follows it, for the help; NULL for a flag */
    const char *help;     /* one sentence or two; wrapped by itself */
    enum option_kind kind;
    void *value; /* where it goes; its type is the kind's */
    uint64_t minimum;
    uint64_t maximum;
    enum hp_status (*take)(void *value, const char *text, struct hp_problem *problem);
};

/* The manual of a command, but for its options. */
struct manual {
    const char *command;  /* "run" */
    const char *synopsis; /* what follows the command: "[OPTION]... CASE" */
    const char *purpose;  /* sentences; lines are wrapped by the author, at 80 columns */
    const char *examples; /* lines */
    size_t operands_min;
    size_t operands_max;
};

/* Reads arguments[1..]. An option is --name, --name=value or --name value; behind -- everything is an
 * operand. HP_INVALID names the wrong option with the nearest right one. *help is set when --help or -h is
 * among them; then nothing else is checked. The caller releases the lists, also after an error. */
enum hp_status options_read(const struct option *options, size_t option_count, int count, char **arguments,
                            struct option_list *operands, bool *help, struct hp_problem *problem);

/* Writes the manual. */
void options_explain(FILE *out, const struct manual *manual, const struct option *options,
                     size_t option_count);

/* Both together, as a command begins: reads, and on --help or wrong use says what has to be said. True when
 * the command is to go on; else *exit_code is what it returns. */
bool options_begin(const struct manual *manual, const struct option *options, size_t option_count, int count,
                   char **arguments, struct option_list *operands, int *exit_code);

/* Says on stderr what went wrong in a command and how to get help; returns EXIT_USAGE. */
int usage_complain(const char *command, const struct hp_problem *problem);

#endif
