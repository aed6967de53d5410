/* `holdpoint new-adapter`: a working adapter to begin with. */
#include "harness/commands/skeleton.h"

#include "harness/commands/command.h"
#include "harness/commands/options.h"

#include <stdio.h>

static const struct manual manual = {
    .command = "new-adapter",
    .synopsis = "[--http] LANGUAGE FOLDER",
    .purpose = "Writes an adapter that works and declares only what it does: `describe`.\n"
               "`holdpoint doctor` finds it healthy, `holdpoint run` names the capability that is\n"
               "worth adding next, and its README.md says what to fill in.\n"
               "\n"
               "LANGUAGE is python, node, go or c. FOLDER is made when it is not there, and has\n"
               "to be empty when it is. Nothing but the language and its standard library is\n"
               "needed, for C jansson too. docs/your-first-adapter.md goes on from there.\n"
               "\n"
               "Exit codes: 0 it is written; 2 wrong use, or the folder is not empty; 3 the\n"
               "folder or a file could not be written.\n",
    .examples = "  holdpoint new-adapter python first-adapter\n"
                "  holdpoint new-adapter c in-c && make -C in-c\n"
                "  holdpoint new-adapter --http go first-server\n",
    .operands_min = 2,
    .operands_max = 2,
};

static int write_and_tell(const struct skeleton *skeleton) {
    struct hp_problem problem = {0};
    struct text text = {0};
    enum hp_status status = skeleton_write(skeleton, &problem);
    if (status != HP_OK) {
        int code = usage_complain(manual.command, &problem);
        return status == HP_UNAVAILABLE ? EXIT_BROKEN : code;
    }
    skeleton_add_next(&text, skeleton, program_called());
    fputs(text.bytes && !text.failed ? text.bytes : "written, but memory ran out\n", stdout);
    text_release(&text);
    return EXIT_CONFORMS;
}

int command_new_adapter(int count, char **arguments) {
    struct skeleton skeleton = {0};
    struct option_list operands = {0};
    const struct option table[] = {
        {.name = "http",
         .kind = OPTION_FLAG,
         .value = &skeleton.http,
         .help =
             "a server over HTTP and its profile in place of an adapter over stdin and stdout: python, node "
             "and go"},
    };
    int code;
    if (options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &operands, &code)) {
        skeleton.language = operands.items[0];
        skeleton.folder = operands.items[1];
        code = write_and_tell(&skeleton);
    }
    option_list_release(&operands);
    return code;
}
