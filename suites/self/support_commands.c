#include "suites/self/support_commands.h"

#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[SCRATCH_PATH_SIZE];

bool commands_begin(const char *name) {
    scratch_path(folder, name);
    if (!mkdtemp(folder)) {
        return false;
    }
    setenv("S", folder, 1);
    const char *program = getenv("HOLDPOINT");
    char here[SCRATCH_PATH_SIZE], built[2 * SCRATCH_PATH_SIZE];
    snprintf(built, sizeof built, "%s/build/holdpoint", getcwd(here, sizeof here) ? here : ".");
    setenv("H", program && *program ? program : built, 1);
    unsetenv("HOLDPOINT_FIXTURES");
    unsetenv("COLUMNS");
    return true;
}

const char *commands_folder(void) {
    return folder;
}

void commands_end(void) {
    int exit_code = -1;
    free(command_feed("rm -rf \"$S\"", "", &exit_code));
}

static void check_row(const struct command_row *row) {
    int exit_code = -1;
    char *said = command_feed(row->line, "", &exit_code);
    bool good = exit_code == row->exit_code;
    for (size_t i = 0; i < 3 && row->wanted[i]; i++) {
        good = good && strstr(said, row->wanted[i]);
    }
    if (!good) {
        print_error("%s\nexit code %d, wanted %d\n%.3000s\n", row->line, exit_code, row->exit_code, said);
    }
    free(said);
    assert_true(good);
}

void command_rows_check(const struct command_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        check_row(&rows[i]);
    }
}
