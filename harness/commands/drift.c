/* `holdpoint drift`: what the commands below it share, and the way to them. */
#include "harness/commands/drift.h"

#include "harness/base/fixtures_folder.h"
#include "harness/base/suggest.h"
#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
#include "harness/report/drift_report.h"
#include "harness/report/screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const formats[] = {"text", "json", "junit", NULL};

static const struct command commands[] = {
    {"db", "look at a database", command_drift_db},
    {"migrations", "try a folder of migrations on a scratch server", command_drift_migrations},
    {"source", "look at a tree of source code, in any of several languages", command_drift_source},
    {"target", "ask a running service what it believes in", command_drift_target},
    {"governance", "look at a definition of memory layers", command_drift_governance},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

void drift_command_fill(struct drift_command *command, struct option table[DRIFT_OPTION_COUNT]) {
    const struct option rows[DRIFT_OPTION_COUNT] = {
        OUTPUTS_OPTIONS(&command->outputs, "text, json or junit"),
        {.name = "no-color",
         .kind = OPTION_FLAG,
         .value = &command->no_color,
         .help = "no colours; NO_COLOR or TERM=dumb in the environment does the same"},
        {.name = "fixtures",
         .argument = "DIR",
         .kind = OPTION_TEXT,
         .value = &command->fixtures,
         .help = "the folder with vocabulary.json and database.json; found as `holdpoint run` finds it"},
    };
    memcpy(table, rows, sizeof rows);
    command->outputs.formats = formats;
}

static enum hp_status check_files(const struct drift_command *command, struct hp_problem *problem) {
    struct named_files files = {0};
    for (size_t i = 0; i < command->operands.count; i++) {
        named_files_add(&files, command->operands.items[i], NAMED_FILE_READ, "what is looked at");
    }
    for (size_t i = 0; i < DRIFT_INPUTS_MAX && command->inputs[i]; i++) {
        named_files_add(&files, *command->inputs[i], NAMED_FILE_READ, "a file that is read");
    }
    outputs_name_files(&command->outputs, &files);
    enum hp_status status = named_files_check(&files, problem);
    named_files_release(&files);
    return status;
}

static enum hp_status load(struct drift_command *command, struct hp_problem *problem) {
    char *folder = NULL;
    enum hp_status status = outputs_check(&command->outputs, problem);
    if (status == HP_OK) {
        status = check_files(command, problem);
    }
    if (status == HP_OK) {
        status = fixtures_find(command->fixtures, &folder, problem);
    }
    if (status == HP_OK) {
        status = vocabulary_load(folder, &command->vocabulary, problem);
    }
    free(folder);
    return status;
}

/* "drift db" as complaints name it. */
static int complain(const struct manual *manual, const struct hp_problem *problem, int code) {
    usage_complain(manual->command, problem);
    return code;
}

bool drift_command_begin(struct drift_command *command, const struct manual *manual,
                         const struct option *options, size_t option_count, int count, char **arguments,
                         int *exit_code) {
    struct hp_problem problem = {0};
    if (!options_begin(manual, options, option_count, count, arguments, &command->operands, exit_code)) {
        return false;
    }
    if (load(command, &problem) != HP_OK) {
        *exit_code = complain(manual, &problem, EXIT_USAGE);
        return false;
    }
    return true;
}

/* The report in one form; NULL when memory runs out. */
static char *render(const struct drift_command *command, const char *format, FILE *out) {
    struct text text = {0};
    bool color = screen_has_color(out, command->no_color);
    if (strcmp(format, "json") == 0) {
        drift_add_json(&text, &command->report);
    } else if (strcmp(format, "junit") == 0) {
        drift_add_junit(&text, &command->report);
    } else {
        drift_add_text(&text, &command->report, paint_get(color), screen_columns(out));
    }
    return text_take(&text);
}

static bool write_to(const struct drift_command *command, const char *format, FILE *out) {
    char *text = render(command, format, out);
    bool written = text && fputs(text, out) != EOF && fflush(out) == 0;
    free(text);
    return written;
}

static bool write_file(const struct drift_command *command, const struct output *output) {
    FILE *file = fopen(output->path, "wb");
    bool written = file && write_to(command, output->format, file);
    int fault = errno;
    if (file && fclose(file) != 0) {
        written = false;
        fault = errno;
    }
    if (!written) {
        fprintf(stderr, "holdpoint drift: the report %s cannot be written: %s\n", output->path,
                strerror(fault));
    }
    return written;
}

static bool write_all(const struct drift_command *command) {
    bool written = true;
    bool stdout_taken = false;
    for (size_t i = 0; i < command->outputs.count; i++) {
        const struct output *output = &command->outputs.items[i];
        stdout_taken = stdout_taken || !output->path;
        written = (output->path ? write_file(command, output) : write_to(command, output->format, stdout)) &&
                  written;
    }
    return (stdout_taken || write_to(command, "text", stdout)) && written;
}

int drift_command_end(struct drift_command *command, const struct manual *manual, enum hp_status status,
                      const struct hp_problem *problem) {
    static const int codes[] = {
        [DRIFT_CONFORMS] = EXIT_CONFORMS, [DRIFT_DRIFTS] = EXIT_FAILS, [DRIFT_OPEN] = EXIT_BROKEN};
    if (status != HP_OK) {
        return complain(manual, problem, status == HP_INVALID ? EXIT_USAGE : EXIT_BROKEN);
    }
    if (command->report.failed) {
        fprintf(stderr, "holdpoint %s: out of memory\n", manual->command);
        return EXIT_BROKEN;
    }
    return write_all(command) ? codes[drift_conclude(&command->report)] : EXIT_BROKEN;
}

void drift_command_release(struct drift_command *command) {
    option_list_release(&command->operands);
    drift_report_release(&command->report);
    vocabulary_free(command->vocabulary);
    *command = (struct drift_command){0};
}

static void explain(FILE *out) {
    fputs("Usage: holdpoint drift WHAT [OPTION]... OPERAND\n"
          "\n"
          "Finds where a database, its migrations, source code or a running service\n"
          "have drifted from the contract's vocabulary.\n"
          "\n"
          "What:\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].summary);
    }
    fputs("\n"
          "`holdpoint drift WHAT --help` is the manual of each, with examples.\n"
          "\n"
          "Exit codes: 0 no drift, 1 drift, 2 wrong use, 3 something could not be decided or\n"
          "reached, or a report could not be written.\n",
          out);
}

static int complain_unknown(const char *name) {
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i].name;
    }
    const char *nearest = suggest_nearest(name, names, COMMAND_COUNT);
    fprintf(stderr, "holdpoint drift: there is no \"%s\" to look at%s%s%s\n", name,
            nearest ? "; did you mean `holdpoint drift " : "; `holdpoint drift --help` lists what there is.",
            nearest ? nearest : "", nearest ? "`?" : "");
    return EXIT_USAGE;
}

int command_drift(int count, char **arguments) {
    if (count < 2) {
        explain(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0) {
        explain(stdout);
        return EXIT_CONFORMS;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, arguments[1]) == 0) {
            return commands[i].run(count - 1, arguments + 1);
        }
    }
    return complain_unknown(arguments[1]);
}
