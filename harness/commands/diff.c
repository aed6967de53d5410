/* `holdpoint diff`: what changed between two runs. */
#include "harness/commands/command.h"
#include "harness/commands/options.h"
#include "harness/commands/outputs.h"
#include "harness/commands/past_runs.h"
#include "harness/report/changes_report.h"
#include "harness/report/screen.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct manual manual = {
    .command = "diff",
    .synopsis = "[OPTION]... OLD.ndjson NEW.ndjson",
    .purpose = "Says what changed between two runs, by their report.ndjson: which cases fail\n"
               "now, pass now, fail as before or for another reason, are new or gone, on each\n"
               "target by its name. Runs of one target each are compared whatever its name.\n"
               "\n"
               "Worse is: a case fails that did not, a new case fails, or one that passed is no\n"
               "longer run, be it that a filter left it out or that NEW is a part of a run (put\n"
               "the parts together first: report merge). A known failure of a baseline fails\n"
               "all the same.\n"
               "\n"
               "Exit codes: 0 nothing got worse; 1 something did; 2 wrong use; 3 a report could\n"
               "not be read, or the result not be written.\n",
    .examples = "  holdpoint diff main/report.ndjson reports/latest/report.ndjson\n"
                "  holdpoint diff old.ndjson new.ndjson --format markdown --output changes.md\n"
                "  holdpoint diff old.ndjson new.ndjson --format json | jq .counts\n",
    .operands_min = 2,
    .operands_max = 2,
};

static const char *const formats[] = {"terminal", "markdown", "json", NULL};

static bool write_changes(const struct changes *changes, const char *format, FILE *out) {
    struct text text = {0};
    if (strcmp(format, "markdown") == 0) {
        changes_add_markdown(&text, changes);
    } else if (strcmp(format, "json") == 0) {
        changes_add_json(&text, changes);
    } else {
        changes_add_terminal(&text, changes, paint_get(screen_has_color(out, false)));
    }
    bool written = !text.failed && fwrite(text.bytes, 1, text.length_bytes, out) == text.length_bytes;
    text_release(&text);
    return written && fflush(out) == 0;
}

static bool write_output(const struct changes *changes, const struct output *output) {
    FILE *out = output->path ? fopen(output->path, "wb") : stdout;
    bool written = out && write_changes(changes, output->format, out);
    int error = errno;
    if (out && output->path) {
        written = fclose(out) == 0 && written;
    }
    if (!written) {
        fprintf(stderr, "holdpoint diff: %s cannot be written: %s\n", output->path ? output->path : "stdout",
                strerror(error));
    }
    return written;
}

static int write_outputs(const struct changes *changes, const struct outputs *outputs) {
    static const struct output usual = {.format = "terminal"};
    bool written = outputs->count > 0 || write_output(changes, &usual);
    for (size_t i = 0; i < outputs->count; i++) {
        written = write_output(changes, &outputs->items[i]) && written;
    }
    if (!written) {
        return EXIT_BROKEN;
    }
    return changes_are_worse(changes) ? EXIT_FAILS : EXIT_CONFORMS;
}

static enum hp_status check_files(const struct option_list *reports, const struct outputs *outputs,
                                  struct hp_problem *problem) {
    struct named_files files = {0};
    for (size_t i = 0; i < reports->count; i++) {
        named_files_add(&files, reports->items[i], NAMED_FILE_READ, "a report that is read");
    }
    outputs_name_files(outputs, &files);
    enum hp_status status = outputs_check(outputs, problem);
    status = status == HP_OK ? named_files_check(&files, problem) : status;
    named_files_release(&files);
    return status;
}

static int compare(const struct option_list *files, const struct outputs *outputs) {
    struct past_runs runs = {0};
    struct changes changes = {0};
    struct hp_problem problem = {0};
    int code = EXIT_BROKEN;
    if (past_runs_read(&runs, files->items, files->count, &problem) != HP_OK ||
        changes_find(&runs.items[0], &runs.items[1], &changes, &problem) != HP_OK) {
        fprintf(stderr, "holdpoint diff: %s\n", problem.detail);
    } else {
        code = write_outputs(&changes, outputs);
    }
    changes_release(&changes);
    past_runs_release(&runs);
    return code;
}

int command_diff(int count, char **arguments) {
    struct outputs outputs = {.formats = formats};
    struct option_list files = {0};
    struct hp_problem problem = {0};
    const struct option table[] = {OUTPUTS_OPTIONS(&outputs, "terminal, markdown or json")};
    int code;
    if (options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &files, &code)) {
        code = check_files(&files, &outputs, &problem) == HP_OK ? compare(&files, &outputs)
                                                                : usage_complain(manual.command, &problem);
    }
    option_list_release(&files);
    return code;
}
