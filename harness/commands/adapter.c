#include "harness/commands/adapter.h"

#include "harness/adapters/serve.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_SERVED = 0, EXIT_USAGE = 2, EXIT_BROKEN = 3, HELLO_TIMEOUT_MS = 10000 };

static const char help[] =
    "Usage: holdpoint adapter TARGET\n"
    "\n"
    "Serves a target over stdin and stdout as JSON-RPC 2.0, one message a line, as docs/adapters.md\n"
    "describes it, until stdin ends.\n"
    "\n"
    "TARGET is memory, null:NAME, or any other that `holdpoint run` takes.\n"
    "\n"
    "Examples:\n"
    "  holdpoint run --target 'stdio:holdpoint adapter memory'\n"
    "  echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"describe\",\"params\":{}}' | holdpoint adapter "
    "memory\n";

static int complain(const struct hp_problem *problem, int code) {
    fprintf(stderr, "holdpoint adapter: %s\n", problem->detail);
    return code;
}

int command_adapter(int count, char **arguments) {
    if (count == 2 && (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0)) {
        fputs(help, stdout);
        return EXIT_SERVED;
    }
    if (count != 2 || arguments[1][0] == '-') {
        fprintf(stderr, "holdpoint adapter: one TARGET was expected\n\n%s", help);
        return EXIT_USAGE;
    }
    struct hp_problem problem = {0};
    struct target *target = NULL;
    if (target_from_name(arguments[1], HELLO_TIMEOUT_MS, &target, &problem) != HP_OK) {
        return complain(&problem, EXIT_USAGE);
    }
    /* A reader that has gone is an error of the write, told like any other. */
    signal(SIGPIPE, SIG_IGN);
    enum hp_status status = serve_target(target, STDIN_FILENO, stdout, &problem);
    target_free(target);
    return status == HP_OK ? EXIT_SERVED : complain(&problem, EXIT_BROKEN);
}
