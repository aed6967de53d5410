/* Where the fixtures are. */
#ifndef HOLDPOINT_COMMANDS_FIXTURES_H
#define HOLDPOINT_COMMANDS_FIXTURES_H

#include "harness/case/case.h"
#include "harness/commands/options.h"

/* The help of the option --fixtures, alike for every command. */
#define FIXTURES_HELP                                                                                        \
    "the folder with requirements.json and cases/; default: HOLDPOINT_FIXTURES, else ../fixtures or "        \
    "../share/holdpoint/fixtures beside the program, else where it was installed"

/* Finds and loads them. A folder that holds none is HP_INVALID: the problem says who named it and what such a
 * folder holds. The caller frees *suite. */
enum hp_status fixtures_load(const char *given, struct suite **suite, struct hp_problem *problem);

/* The same with the cases of those files alone (suite_load_files), by the requirements of that folder. */
enum hp_status fixtures_load_files(const char *given, const struct option_list *files, struct suite **suite,
                                   struct hp_problem *problem);

/* What the small commands on a suite begin with. Zeroed it holds nothing. */
struct suite_command {
    const char *fixtures; /* as --fixtures gave it; the command's option table points here */
    struct option_list operands;
    struct suite *suite;
};

/* The option --fixtures of such a command. */
#define FIXTURES_OPTION(command)                                                                             \
    {                                                                                                        \
        .name = "fixtures", .argument = "DIR", .kind = OPTION_TEXT, .value = &(command)->fixtures,           \
        .help = FIXTURES_HELP                                                                                \
    }

/* Reads the options and loads the suite. False when the command is over: help, wrong use, fixtures that
 * cannot be read; *exit_code is then what it returns. The caller releases *command in either case. */
bool suite_command_begin(struct suite_command *command, const struct manual *manual,
                         const struct option *options, size_t option_count, int count, char **arguments,
                         int *exit_code);
void suite_command_release(struct suite_command *command);

#endif
