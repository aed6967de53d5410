/* Rows of commands: a line for a shell, its exit code, and what it says. */
#ifndef HOLDPOINT_SELF_SUPPORT_COMMANDS_H
#define HOLDPOINT_SELF_SUPPORT_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

/* One command. The shell knows $H, the program, and $S, a folder of this test. */
struct command_row {
    const char *line;
    int exit_code;
    const char *wanted[3]; /* each must be in what is printed, stderr included */
};

/* Runs each; fails the test at the first that does not end as wanted, and prints what it said. */
void command_rows_check(const struct command_row *rows, size_t count);
#define COMMANDS_CHECK(rows) command_rows_check(rows, sizeof(rows) / sizeof(rows)[0])

/* Makes the folder, sets H and S in the environment and takes out of it what would change the output. False when that
 * cannot be done. */
bool commands_begin(const char *name);

/* The folder; static. */
const char *commands_folder(void);

/* Removes it. */
void commands_end(void);

#endif
