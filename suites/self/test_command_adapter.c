#include "harness/commands/adapter.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs the command with other files as its streams; what it writes goes to seen. */
static int run(const char *argument, const char *input, char *seen, size_t size_bytes) {
    char command[] = "adapter", copy[128];
    snprintf(copy, sizeof copy, "%s", argument ? argument : "");
    char *arguments[] = {command, copy, NULL};
    FILE *in = tmpfile(), *out = tmpfile();
    int kept[3];
    fputs(input, in);
    rewind(in);
    fflush(stdout);
    for (int i = 0; i < 3; i++) {
        kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
        dup2(fileno(i == 0 ? in : out), i);
    }
    int code = command_adapter(argument ? 2 : 1, arguments);
    fflush(stdout);
    for (int i = 0; i < 3; i++) {
        dup2(kept[i], i);
        close(kept[i]);
    }
    rewind(out);
    size_t count = fread(seen, 1, size_bytes - 1, out);
    seen[count] = '\0';
    fclose(in);
    fclose(out);
    return code;
}

static void each_use_has_its_exit_code(void **state) {
    (void)state;
    static const char create[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"interrupt.create\",\"params\":{\"kind\":\"timeout\","
        "\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}}\n";
    static const struct {
        const char *argument;
        const char *input;
        int code;
        const char *seen;
    } rows[] = {
        {"memory", "", 0, ""},
        {"memory", create, 0, "\"status\":\"pending\""},
        {"null:empty", create, 0, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"},
        {"null:drop-connection", create, 3,
         "holdpoint adapter: the target gave no answer to interrupt.create"},
        {"stdio:exit 1", create, 3, "exit status 1"},
        {"--help", "", 0, "Usage: holdpoint adapter TARGET"},
        {"-h", "", 0, "Examples:"},
        {"--verbose", "", 2, "unknown option --verbose"},
        {NULL, "", 2, "an argument is missing: TARGET"},
        {"memry", "", 2, "did you mean memory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char seen[4096];
        int code = run(rows[i].argument, rows[i].input, seen, sizeof seen);
        if (code != rows[i].code || !strstr(seen, rows[i].seen)) {
            fail_msg("row %zu: exit %d, %s", i, code, seen);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_use_has_its_exit_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
