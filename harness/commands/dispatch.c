#include "harness/base/suggest.h"
#include "harness/commands/command.h"
#include "reference/base/api.h"

#include <stdio.h>
#include <string.h>

enum { COMMANDS_MAX = 32 };

static const char *program = "holdpoint";

const char *program_called(void) {
    return program;
}

static void explain_commands(FILE *out, const struct command *commands) {
    fputs("Usage: holdpoint COMMAND [OPTION]...\n"
          "\n"
          "Tells what a flow-interrupt service gets wrong: runs golden cases against it\n"
          "and says which requirement each failure breaks.\n"
          "\n"
          "Commands:\n",
          out);
    for (const struct command *command = commands; command->name; command++) {
        fprintf(out, "  %-11s %s\n", command->name, command->summary);
    }
    fputs("\n"
          "`holdpoint COMMAND --help` is the manual of a command, with examples.\n"
          "\n"
          "Exit codes: 0 conforms, 1 does not, 2 wrong use, 3 the harness or the adapter broke, 130 "
          "interrupted.\n",
          out);
}

static const struct command *command_find(const struct command *commands, const char *name) {
    for (const struct command *command = commands; command->name; command++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    return NULL;
}

static int complain_unknown(const struct command *commands, const char *name) {
    const char *names[COMMANDS_MAX];
    size_t count = 0;
    for (const struct command *command = commands; command->name && count < COMMANDS_MAX; command++) {
        names[count++] = command->name;
    }
    const char *nearest = suggest_nearest(name, names, count);
    fprintf(stderr, "holdpoint: there is no command \"%s\"", name);
    fprintf(stderr, nearest ? "; did you mean `holdpoint %s`?\n" : "; `holdpoint --help` lists them.\n",
            nearest);
    return EXIT_USAGE;
}

static int explain_one(const struct command *commands, const char *name) {
    char own_name[32], help[] = "--help";
    const struct command *command = command_find(commands, name);
    if (!command) {
        return complain_unknown(commands, name);
    }
    snprintf(own_name, sizeof own_name, "%s", command->name);
    char *arguments[] = {own_name, help, NULL};
    return command->run(2, arguments);
}

int command_dispatch(const struct command *commands, int count, char **arguments) {
    if (count > 0 && *arguments[0]) {
        program = arguments[0];
    }
    if (count < 2) {
        explain_commands(stderr, commands);
        return EXIT_USAGE;
    }
    const char *name = arguments[1];
    if (strcmp(name, "--version") == 0) {
        puts("holdpoint " HOLDPOINT_VERSION);
        return EXIT_CONFORMS;
    }
    if (strcmp(name, "help") == 0 && count > 2) {
        return explain_one(commands, arguments[2]);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        explain_commands(stdout, commands);
        return EXIT_CONFORMS;
    }
    const struct command *command = command_find(commands, name);
    return command ? command->run(count - 1, arguments + 1) : complain_unknown(commands, name);
}
