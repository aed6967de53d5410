/* `holdpoint judge`: recorded histories of concurrent clients, judged by linearizability. */
#include "harness/lab/linearize.h"
#include "harness/lab/timeline.h"

#include "harness/commands/command.h"
#include "harness/commands/options.h"
#include "harness/report/escape.h"

#include <inttypes.h>
#include <string.h>

enum { EXIT_UNDECIDED = 3, LINEARITIES = UNDECIDED + 1 };

static const struct manual manual = {
    .command = "judge",
    .synopsis = "[OPTION]... FILE...",
    .purpose = "Judges recorded histories of concurrent clients: is there one order of the\n"
               "operations on each interrupt, each somewhere between its call and its return,\n"
               "that explains every answer? A file holds one JSON object a line, as\n"
               "fixtures/histories/README.md describes; - is the standard input. Each file is a\n"
               "history of its own.\n"
               "\n"
               "Prints `KEY ok`, `KEY illegal` or `KEY undecided` for each interrupt, then a\n"
               "summary.\n"
               "\n"
               "Exit codes: 0 all ok; 1 one is illegal; 2 wrong use, or a file is no history\n"
               "or holds no operation; 3 none is illegal, but one is undecided.\n",
    .examples = "  holdpoint judge --explain fixtures/histories/c_hot_c64_200.ok.jsonl\n"
                "  holdpoint judge fixtures/histories/*.ok.jsonl\n"
                "  holdpoint judge --method search - <fixtures/histories/c_hot_c64_200.ok.jsonl\n",
    .operands_min = 1,
    .operands_max = 4096,
};

struct judge_command {
    struct linearize_options options;
    uint64_t clock_error_ns;
    bool explain;
    struct option_list files;
    struct linearizer *linearizer;
    size_t counts[LINEARITIES]; /* keys by verdict */
    size_t operations;
};

static enum hp_status take_method(void *value, const char *text, struct hp_problem *problem) {
    if (linearize_method_from_name(text, value)) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, NULL, "--method takes interval, search or brute, not \"%s\"",
                          text);
}

/* Names come from a file that anybody may have written: what a terminal would obey, or what would begin a line of its own,
 * is shown as it is in the reports of a run. */
static void print_visible(const char *before, const char *string, const char *after) {
    struct text visible = {0};
    escape_terminal(&visible, string);
    printf("%s%s%s", before, visible.bytes && !visible.failed ? visible.bytes : "", after);
    text_release(&visible);
}

/* Takes the lines apart in place. */
static void print_lines(char *lines) {
    for (char *end; *lines && (end = strchr(lines, '\n')); lines = end + 1) {
        *end = '\0';
        print_visible("", lines, "\n");
    }
}

static int complain(const struct hp_problem *problem) {
    struct hp_problem shown = {.status = problem->status};
    struct text visible = {0};
    escape_terminal(&visible, problem->detail);
    snprintf(shown.detail, sizeof shown.detail, "%s", visible.bytes ? visible.bytes : "");
    text_release(&visible);
    return usage_complain(manual.command, &shown);
}

/* The sentence, the operations, and for a violation the timeline. */
static void print_reason(const struct history *history, size_t key, const struct judgement *judgement) {
    struct text text = {0};
    int64_t start_ns = history->operations[history->keys[key].first].invoke_ns;
    text_add(&text, "    ");
    escape_terminal(&text, judgement->reason);
    text_add(&text, "\n");
    for (size_t i = 0; i < judgement->operation_count; i++) {
        text_addf(&text, "    line %" PRIu32 ": ", judgement->operations[i]->line);
        timeline_add_operation(&text, history, judgement->operations[i], start_ns);
        text_add(&text, "\n");
    }
    if (judgement->linearity == VIOLATION) {
        text_add(&text, "\n");
        timeline_add(&text, history, key, judgement, "    ");
        text_add(&text, "\n");
    }
    if (text.failed) {
        fputs("    out of memory\n", stdout);
    } else {
        print_lines(text.bytes);
    }
    text_release(&text);
}

static enum hp_status judge_keys(struct judge_command *command, const struct history *history,
                                 struct hp_problem *problem) {
    for (size_t key = 0; key < history->key_count; key++) {
        struct judgement judgement;
        enum hp_status status = linearizer_check(command->linearizer, history, key, &judgement, problem);
        if (status != HP_OK) {
            return status;
        }
        print_visible("", history_key_name(history, key), " ");
        puts(linearity_name(judgement.linearity));
        if (command->explain && judgement.linearity != LINEARIZABLE) {
            print_reason(history, key, &judgement);
        }
        command->counts[judgement.linearity]++;
    }
    command->operations += history->count;
    return HP_OK;
}

static enum hp_status judge_file(struct judge_command *command, const char *path,
                                 struct hp_problem *problem) {
    struct history history = {0};
    enum hp_status status = strcmp(path, "-") == 0 ? history_read(&history, "stdin", stdin, problem)
                                                   : history_read_file(&history, path, problem);
    if (status == HP_OK && history.count == 0) {
        status = hp_problem_set(problem, HP_INVALID, NULL, "%s holds no operation: nothing was recorded",
                                strcmp(path, "-") == 0 ? "stdin" : path);
    }
    if (status == HP_OK && command->files.count > 1) {
        print_visible("== ", path, "\n");
    }
    if (status == HP_OK) {
        status = judge_keys(command, &history, problem);
    }
    history_release(&history);
    return status;
}

static int judge_files(struct judge_command *command) {
    struct hp_problem problem = {0};
    enum hp_status status = command->linearizer ? HP_OK : hp_problem_no_memory(&problem);
    for (size_t i = 0; i < command->files.count && status == HP_OK; i++) {
        status = judge_file(command, command->files.items[i], &problem);
    }
    if (status != HP_OK) {
        return complain(&problem);
    }
    const size_t *counts = command->counts;
    printf("%zu keys: %zu ok, %zu illegal, %zu undecided; %zu operations, by %s\n",
           counts[LINEARIZABLE] + counts[VIOLATION] + counts[UNDECIDED], counts[LINEARIZABLE],
           counts[VIOLATION], counts[UNDECIDED], command->operations, linearizer_layer(command->linearizer));
    if (counts[VIOLATION] > 0) {
        return EXIT_FAILS;
    }
    return counts[UNDECIDED] > 0 ? EXIT_UNDECIDED : EXIT_CONFORMS;
}

int command_judge(int count, char **arguments) {
    struct judge_command command = {0};
    const struct option table[] = {
        {.name = "method",
         .argument = "METHOD",
         .kind = OPTION_CALL,
         .value = &command.options.method,
         .take = take_method,
         .help =
             "interval: no search, in proportion to the operations; search: the general search for an order; "
             "brute: all orders, of up to 8 operations. By default interval, which decides every history of "
             "this format"},
        {.name = "explain",
         .kind = OPTION_FLAG,
         .value = &command.explain,
         .help = "say why: the operations that contradict each other, and a timeline of that interrupt"},
        {.name = "clock-error",
         .argument = "NS",
         .kind = OPTION_NUMBER,
         .value = &command.clock_error_ns,
         .maximum = INT64_MAX / 4,
         .help = "how many nanoseconds the service's clock and that of the history may be apart (default 0); "
                 "it widens the time in which an interrupt expires"},
        {.name = "budget",
         .argument = "STEPS",
         .kind = OPTION_NUMBER,
         .value = &command.options.steps,
         .minimum = 1,
         .maximum = UINT64_MAX,
         .help = "how many operations the search may try for one interrupt before it is undecided (default "
                 "100000000)"},
    };
    int code;
    if (options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &command.files,
                      &code)) {
        command.options.clock_error_ns = (int64_t)command.clock_error_ns;
        command.linearizer = linearizer_new(&command.options);
        code = judge_files(&command);
        linearizer_free(command.linearizer);
    }
    option_list_release(&command.files);
    return code;
}
