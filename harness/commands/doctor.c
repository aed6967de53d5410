/* `holdpoint doctor`: an adapter examined before any verdict about the service behind it. */
#include "harness/doctor/examine.h"

#include "harness/commands/command.h"
#include "harness/commands/options.h"
#include "harness/report/doctor_report.h"
#include "harness/report/escape.h"
#include "harness/report/screen.h"

#include <string.h>

enum { TIMEOUT_DEFAULT_MS = 5000, TOTAL_DEFAULT_MS = 60000, TIME_MAX_MS = 24 * 60 * 60 * 1000 };

static const struct manual manual = {
    .command = "doctor",
    .synopsis = "[OPTION]... TARGET",
    .purpose = "Looks whether an adapter speaks the wire of docs/adapters.md, before any\n"
               "verdict about the service behind it: whether it starts, says its hello, keeps\n"
               "to one answer a line, survives what it does not know, answers each method that\n"
               "it declares, and ends. Prints a line for each check; for a fault what the\n"
               "adapter did, what was expected, and what to mend.\n"
               "\n"
               "TARGET is one that `holdpoint run` takes. Of one that is no child process only\n"
               "what applies is tried. Where the service has no reset, a few interrupts of the\n"
               "user \"doctor\" stay behind.\n"
               "\n"
               "Exit codes: 0 healthy; 1 faulty, also when the adapter cannot be started;\n"
               "2 wrong use; 3 undecided, since the time was up before all was tried, or\n"
               "Holdpoint itself broke: it has no process or memory left, or a target of its\n"
               "own (postgres) cannot be reached.\n",
    .examples = "  holdpoint doctor 'stdio:python3 my_adapter.py'\n"
                "  holdpoint doctor --timeout 20000 'stdio:holdpoint adapter memory'\n"
                "  holdpoint doctor --format json memory\n",
    .operands_min = 1,
    .operands_max = 1,
};

struct doctor_command {
    const char *format; /* NULL: text */
    bool no_color;
    uint64_t timeout_ms;
    uint64_t total_ms;
    struct option_list operands;
};

static enum hp_status take_format(void *value, const char *text, struct hp_problem *problem) {
    const char **format = value;
    if (*format) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "two formats would share stdout, %s and %.40s; give one", *format, text);
    }
    if (strcmp(text, "text") != 0 && strcmp(text, "json") != 0) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "there is no format \"%.40s\"; text and json are known", text);
    }
    *format = text;
    return HP_OK;
}

/* What to do now, as a line for a shell where there is one. */
static void add_next(struct checkup *checkup) {
    struct text text = {0};
    enum checkup_end end = checkup_conclude(checkup);
    bool healthy = end == CHECKUP_HEALTHY;
    bool creates = checkup_row(checkup, "create") != NULL;
    if (end == CHECKUP_FAULTY) {
        text_add(&text, "mend the first fault above, then  ");
    } else if (end == CHECKUP_UNDECIDED) {
        text_add(&text, "give it more time (--total MS), or mend what is slow:  ");
    } else if (!creates) {
        text_add(&text, "build and declare what your service can do, create and get first, then  ");
    }
    text_addf(&text, "%s %s", program_called(), healthy && creates ? "run --target " : "doctor ");
    escape_shell(&text, checkup->target);
    text_add(&text, healthy && creates ? " --filter kinds.create" : "");
    checkup->next = text_take(&text);
    checkup->failed = checkup->failed || !checkup->next;
}

static int print(const struct doctor_command *command, const struct checkup *checkup) {
    struct text text = {0};
    bool color = screen_has_color(stdout, command->no_color);
    if (command->format && strcmp(command->format, "json") == 0) {
        doctor_add_json(&text, checkup);
    } else {
        doctor_add_text(&text, checkup, paint_get(color), screen_columns(stdout));
    }
    bool whole = !text.failed && !checkup->failed;
    fputs(whole ? text.bytes : "", stdout);
    text_release(&text);
    if (!whole) {
        fputs("holdpoint doctor: out of memory\n", stderr);
        return EXIT_BROKEN;
    }
    static const int codes[] = {
        [CHECKUP_HEALTHY] = EXIT_CONFORMS, [CHECKUP_FAULTY] = EXIT_FAILS, [CHECKUP_UNDECIDED] = EXIT_BROKEN};
    return codes[checkup_conclude(checkup)];
}

static int examine_target(const struct doctor_command *command) {
    struct checkup checkup = {0};
    struct hp_problem problem = {0};
    const struct examine_options options = {(unsigned)command->timeout_ms, (unsigned)command->total_ms};
    enum hp_status status = examine(command->operands.items[0], &options, &checkup, &problem);
    int code = EXIT_BROKEN;
    if (status == HP_OK) {
        add_next(&checkup);
        code = print(command, &checkup);
    } else {
        usage_complain(manual.command, &problem);
        code = status == HP_INVALID ? EXIT_USAGE : EXIT_BROKEN;
    }
    checkup_release(&checkup);
    return code;
}

int command_doctor(int count, char **arguments) {
    struct doctor_command command = {.timeout_ms = TIMEOUT_DEFAULT_MS, .total_ms = TOTAL_DEFAULT_MS};
    const struct option table[] = {
        {.name = "timeout",
         .argument = "MS",
         .kind = OPTION_NUMBER,
         .value = &command.timeout_ms,
         .minimum = 1,
         .maximum = TIME_MAX_MS,
         .help = "how long one answer may take (default 5000)"},
        {.name = "total",
         .argument = "MS",
         .kind = OPTION_NUMBER,
         .value = &command.total_ms,
         .minimum = 1,
         .maximum = TIME_MAX_MS,
         .help = "how long the whole examination may take (default 60000); what is left then is not tried"},
        {.name = "format",
         .argument = "FORMAT",
         .kind = OPTION_CALL,
         .value = &command.format,
         .take = take_format,
         .help = "text or json"},
        {.name = "no-color",
         .kind = OPTION_FLAG,
         .value = &command.no_color,
         .help = "no colours; NO_COLOR or TERM=dumb in the environment does the same"},
    };
    int code;
    if (options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &command.operands,
                      &code)) {
        code = examine_target(&command);
    }
    option_list_release(&command.operands);
    return code;
}
