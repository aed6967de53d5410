/* The options --format and --output: pairs of a form and where it goes, for any command that reports. */
#ifndef HOLDPOINT_COMMANDS_OUTPUTS_H
#define HOLDPOINT_COMMANDS_OUTPUTS_H

#include "harness/commands/named_files.h"
#include "reference/base/problem.h"

#include <stddef.h>

enum { OUTPUTS_MAX = 16 };

/* A report that was asked for. Texts are borrowed from the arguments. */
struct output {
    const char *format;
    const char *path; /* NULL: stdout */
};

struct outputs {
    const char *const *formats; /* the known ones, a NULL behind them */
    struct output items[OUTPUTS_MAX];
    size_t count;
};

/* For struct option: value is the struct outputs. HP_INVALID names what is wrong. */
enum hp_status outputs_take_format(void *value, const char *text, struct hp_problem *problem);
enum hp_status outputs_take_path(void *value, const char *text, struct hp_problem *problem);

/* HP_INVALID when two reports would share stdout. */
enum hp_status outputs_check(const struct outputs *outputs, struct hp_problem *problem);

/* Adds the files that they go to. */
void outputs_name_files(const struct outputs *outputs, struct named_files *files);

/* The two rows of an option table; formats is the help's list of them, a literal. */
#define OUTPUTS_OPTIONS(outputs_, formats_)                                                                  \
    {.name = "format",                                                                                       \
     .argument = "FORMAT",                                                                                   \
     .kind = OPTION_CALL,                                                                                    \
     .value = outputs_,                                                                                      \
     .take = outputs_take_format,                                                                            \
     .help = formats_ "; to stdout unless --output follows; may be given again"},                            \
    {                                                                                                        \
        .name = "output", .argument = "FILE", .kind = OPTION_CALL, .value = outputs_,                        \
        .take = outputs_take_path, .help = "where the --format before it goes"                               \
    }

#endif
