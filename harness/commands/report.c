/* `holdpoint report`: reports of runs that are over, in another form; and the parts of a run put together. */
#include "harness/commands/command.h"
#include "harness/commands/named_files.h"
#include "harness/commands/options.h"
#include "harness/commands/past_runs.h"
#include "harness/report/past_run_merge.h"
#include "harness/report/screen.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char usual_report[] = "reports/latest/report.ndjson";

static const struct manual manual = {
    .command = "report",
    .synopsis = "[merge] [OPTION]... [REPORT.ndjson]...",
    .purpose = "Makes of the report.ndjson of `holdpoint run` a page for people: one HTML file\n"
               "that needs nothing else, with every requirement, every failure and what is\n"
               "needed to repeat it. Other forms are made by --format. Reports of several\n"
               "targets stand side by side when they are of one suite and one selection.\n"
               "Without a file reports/latest/report.ndjson is read.\n"
               "\n"
               "`holdpoint report merge` puts together the parts that `holdpoint run --shard`\n"
               "made on several machines. It refuses parts that are missing or there twice,\n"
               "cases that are, and parts of other suites, targets, seeds or options. But for\n"
               "times the result is what one run would have written.\n"
               "\n"
               "Exit codes: 0 written; 2 wrong use, or reports that do not belong together; 3 a\n"
               "report could not be read or written. `merge` returns the exit code of the whole\n"
               "run when it was written: 0 conforms, 1 does not, 3 broke, 130 interrupted.\n",
    .examples = "  holdpoint report --output report.html\n"
                "  holdpoint report python.ndjson node.ndjson go.ndjson --output matrix.html\n"
                "  holdpoint report merge part-*/report.ndjson --output report.ndjson\n"
                "  holdpoint report merge part-*/report.ndjson --format junit --output junit.xml\n",
    .operands_max = 4096,
};

static struct reporter *make_terminal(FILE *out) {
    return reporter_terminal_new(out, screen_has_color(out, false), false, screen_columns(out));
}

static const struct form {
    const char *name;
    struct reporter *(*make)(FILE *out);
} forms[] = {
    {"html", reporter_page_new},     {"junit", reporter_junit_new}, {"markdown", reporter_markdown_new},
    {"ndjson", reporter_ndjson_new}, {"terminal", make_terminal},
};

enum { FORM_PAGE = 0, FORM_NDJSON = 3, FORM_COUNT = sizeof forms / sizeof forms[0] };

struct report_command {
    const struct form *form; /* NULL: html, and ndjson of a merge */
    const char *output;      /* NULL: stdout */
    struct option_list files;
    bool merges;
    struct past_runs runs;
    struct past_run whole;
};

/* One call writes one report: a second would be dropped without a word. */
static enum hp_status take_output(void *value, const char *text, struct hp_problem *problem) {
    const char **output = value;
    if (*output) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "--output %s and --output %s: one report is written at a time", *output, text);
    }
    *output = text;
    return HP_OK;
}

static enum hp_status take_form(void *value, const char *text, struct hp_problem *problem) {
    const struct form **form = value;
    if (*form) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "two formats would share one output, %s and %s; call it once for each",
                              (*form)->name, text);
    }
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (strcmp(forms[i].name, text) == 0) {
            *form = &forms[i];
            return HP_OK;
        }
    }
    return hp_problem_set(problem, HP_INVALID, NULL,
                          "there is no format \"%s\"; html, junit, markdown, ndjson and terminal are known",
                          text);
}

/* The word before the files. */
static void take_merge(struct report_command *command) {
    command->merges = command->files.count > 0 && strcmp(command->files.items[0], "merge") == 0;
    if (command->merges) {
        command->files.count--;
        memmove(command->files.items, command->files.items + 1,
                command->files.count * sizeof *command->files.items);
    }
    if (!command->form) {
        command->form = &forms[command->merges ? FORM_NDJSON : FORM_PAGE];
    }
}

static bool write_report(const struct report_command *command, FILE *out) {
    struct reporter *reporter = command->form->make(out);
    bool written = reporter && past_run_tell(&command->whole, reporter);
    return reporter && reporter->ops->close(reporter) && written;
}

static int write_file(const struct report_command *command) {
    FILE *out = command->output ? fopen(command->output, "wb") : stdout;
    if (!out) {
        fprintf(stderr, "holdpoint report: %s cannot be written: %s\n", command->output, strerror(errno));
        return EXIT_BROKEN;
    }
    bool written = write_report(command, out);
    written = fflush(out) == 0 && written;
    if (command->output) {
        written = fclose(out) == 0 && written;
    }
    if (!written) {
        fprintf(stderr, "holdpoint report: %s could not be written whole\n",
                command->output ? command->output : "the report");
        return EXIT_BROKEN;
    }
    return command->merges ? command->whole.exit_code : EXIT_CONFORMS;
}

/* The run that is read would be gone. */
static enum hp_status check_files(const struct report_command *command, const char *const *paths,
                                  size_t count, struct hp_problem *problem) {
    struct named_files files = {0};
    for (size_t i = 0; i < count; i++) {
        named_files_add(&files, paths[i], NAMED_FILE_READ, "a report that is read");
    }
    named_files_add(&files, command->output, NAMED_FILE_WRITTEN, "the --output");
    enum hp_status status = named_files_check(&files, problem);
    named_files_release(&files);
    return status;
}

static int make_report(struct report_command *command) {
    struct hp_problem problem = {0};
    const char *usual[] = {usual_report};
    bool given = command->files.count > 0;
    const char *const *paths = given ? command->files.items : usual;
    size_t count = given ? command->files.count : 1;
    if (command->merges && !given) {
        hp_problem_set(&problem, HP_INVALID, NULL, "merge needs the report.ndjson of every part");
        return usage_complain(manual.command, &problem);
    }
    if (check_files(command, paths, count, &problem) != HP_OK) {
        return usage_complain(manual.command, &problem);
    }
    if (past_runs_read(&command->runs, paths, count, &problem) != HP_OK) {
        fprintf(stderr, "holdpoint report: %s\n", problem.detail);
        return EXIT_BROKEN;
    }
    enum hp_status status = (command->merges ? past_run_merge : past_run_join)(
        command->runs.items, command->runs.count, &command->whole, &problem);
    return status == HP_OK ? write_file(command) : usage_complain(manual.command, &problem);
}

int command_report(int count, char **arguments) {
    struct report_command command = {0};
    const struct option table[] = {
        {.name = "format",
         .argument = "FORMAT",
         .kind = OPTION_CALL,
         .value = &command.form,
         .take = take_form,
         .help = "html, junit, markdown, ndjson or terminal; default html, and ndjson of a merge"},
        {.name = "output",
         .argument = "FILE",
         .kind = OPTION_CALL,
         .value = &command.output,
         .take = take_output,
         .help = "where it goes; default stdout"},
    };
    int code;
    if (options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &command.files,
                      &code)) {
        take_merge(&command);
        code = make_report(&command);
    }
    past_run_release(&command.whole);
    past_runs_release(&command.runs);
    option_list_release(&command.files);
    return code;
}
