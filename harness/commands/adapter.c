#include "harness/commands/adapter.h"

#include "harness/adapters/serve.h"
#include "harness/commands/command.h"
#include "harness/commands/options.h"

#include <signal.h>
#include <unistd.h>

enum { HELLO_TIMEOUT_MS = 10000 };

static const struct manual manual = {
    .command = "adapter",
    .synopsis = "TARGET",
    .purpose = "Serves a target over stdin and stdout as JSON-RPC 2.0, one message a line,\n"
               "as docs/adapters.md describes it, until stdin ends.\n"
               "\n"
               "TARGET is memory, null:NAME, or any other that `holdpoint run` takes.\n",
    .examples = "  holdpoint run --target 'stdio:holdpoint adapter memory'\n"
                "  echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"describe\",\"params\":{}}' | "
                "holdpoint adapter memory\n",
    .operands_min = 1,
    .operands_max = 1,
};

static int serve(const char *name) {
    struct hp_problem problem = {0};
    struct target *target = NULL;
    if (target_from_name(name, HELLO_TIMEOUT_MS, &target, &problem) != HP_OK) {
        return usage_complain(manual.command, &problem);
    }
    /* A reader that has gone is an error of the write, told like any other. */
    signal(SIGPIPE, SIG_IGN);
    enum hp_status status = serve_target(target, STDIN_FILENO, stdout, &problem);
    target_free(target);
    if (status != HP_OK) {
        usage_complain(manual.command, &problem);
        return EXIT_BROKEN;
    }
    return EXIT_CONFORMS;
}

int command_adapter(int count, char **arguments) {
    struct option_list operands = {0};
    int code;
    if (options_begin(&manual, NULL, 0, count, arguments, &operands, &code)) {
        code = serve(operands.items[0]);
    }
    option_list_release(&operands);
    return code;
}
