#include "harness/commands/options.h"
#include "harness/base/suggest.h"
#include "harness/commands/command.h"
#include "harness/report/paragraph.h"
#include "harness/report/screen.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 24, HELP_COLUMNS_MAX = 100, NAMES_MAX = 64 };

void option_list_release(struct option_list *list) {
    free(list->items);
    *list = (struct option_list){0};
}

static enum hp_status list_add(struct option_list *list, const char *item, struct hp_problem *problem) {
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (!items) {
        return hp_problem_no_memory(problem);
    }
    items[list->count++] = item;
    list->items = items;
    return HP_OK;
}

static enum hp_status read_number(const struct option *option, const char *text, struct hp_problem *problem) {
    char *end = NULL;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    /* strtoull takes blanks and a minus sign; neither is a number here. */
    bool digits = *text >= '0' && *text <= '9' && *end == '\0';
    if (!digits || errno == ERANGE || number < option->minimum || number > option->maximum) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "--%s takes a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"", option->name,
                              option->minimum, option->maximum, text);
    }
    *(uint64_t *)option->value = number;
    return HP_OK;
}

/* An empty name, as of a variable that is not set, would stand for the root folder once another is put behind it. */
static bool names_a_place(const struct option *option) {
    static const char *const places[] = {"FILE", "DIR"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (strcmp(option->argument, places[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum hp_status take_text(const struct option *option, const char *text, struct hp_problem *problem) {
    if (!*text && names_a_place(option)) {
        return hp_problem_set(problem, HP_INVALID, NULL, "--%s needs a %s, not an empty text", option->name,
                              option->argument);
    }
    *(const char **)option->value = text;
    return HP_OK;
}

static enum hp_status option_take(const struct option *option, const char *text, struct hp_problem *problem) {
    switch (option->kind) {
    case OPTION_TEXT:
        return take_text(option, text, problem);
    case OPTION_LIST:
        return list_add(option->value, text, problem);
    case OPTION_NUMBER:
        return read_number(option, text, problem);
    case OPTION_CALL:
    case OPTION_FLAG: /* which takes none */
        break;
    }
    return option->take(option->value, text, problem);
}

static const struct option *option_find(const struct option *options, size_t option_count, const char *name,
                                        size_t length) {
    for (size_t i = 0; i < option_count; i++) {
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

static enum hp_status complain_unknown(const struct option *options, size_t option_count, const char *given,
                                       struct hp_problem *problem) {
    const char *names[NAMES_MAX];
    char word[64];
    size_t count = option_count < NAMES_MAX ? option_count : NAMES_MAX;
    for (size_t i = 0; i < count; i++) {
        names[i] = options[i].name;
    }
    const char *name = given + strspn(given, "-");
    snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "="), name);
    const char *nearest = suggest_nearest(word, names, count);
    return hp_problem_set(problem, HP_INVALID, NULL, "unknown option %s%s%s%s", given,
                          nearest ? "; did you mean --" : "", nearest ? nearest : "", nearest ? "?" : "");
}

/* Reads the option at *at and moves *at to the last argument that belongs to it. */
static enum hp_status read_option(const struct option *options, size_t option_count, int count,
                                  char **arguments, int *at, struct hp_problem *problem) {
    const char *given = arguments[*at];
    const char *name = given + 2;
    size_t length = strcspn(name, "=");
    const struct option *option =
        strncmp(given, "--", 2) == 0 ? option_find(options, option_count, name, length) : NULL;
    if (!option) {
        return complain_unknown(options, option_count, given, problem);
    }
    if (name[length] == '=') {
        if (option->kind == OPTION_FLAG) {
            return hp_problem_set(problem, HP_INVALID, NULL, "--%s takes no value", option->name);
        }
        return option_take(option, name + length + 1, problem);
    }
    if (option->kind == OPTION_FLAG) {
        *(bool *)option->value = true;
        return HP_OK;
    }
    if (*at + 1 >= count) {
        return hp_problem_set(problem, HP_INVALID, NULL, "--%s needs %s behind it", option->name,
                              option->argument);
    }
    ++*at;
    return option_take(option, arguments[*at], problem);
}

static bool wants_help(int count, char **arguments) {
    for (int i = 1; i < count && strcmp(arguments[i], "--") != 0; i++) {
        if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

enum hp_status options_read(const struct option *options, size_t option_count, int count, char **arguments,
                            struct option_list *operands, bool *help, struct hp_problem *problem) {
    *help = wants_help(count, arguments);
    bool options_end = false;
    for (int i = 1; i < count && !*help; i++) {
        enum hp_status status;
        if (!options_end && strcmp(arguments[i], "--") == 0) {
            options_end = true;
            continue;
        }
        if (!options_end && arguments[i][0] == '-' && arguments[i][1] != '\0') {
            status = read_option(options, option_count, count, arguments, &i, problem);
        } else {
            status = list_add(operands, arguments[i], problem);
        }
        if (status != HP_OK) {
            return status;
        }
    }
    return HP_OK;
}

static void explain_option(struct text *text, const struct option *option, size_t columns) {
    char head[HELP_COLUMN * 2];
    snprintf(head, sizeof head, "  --%s%s%s", option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
    char first[HELP_COLUMN + 1];
    if (strlen(head) + 2 > HELP_COLUMN) {
        text_addf(text, "%s\n", head);
        snprintf(first, sizeof first, "%*s", HELP_COLUMN, "");
    } else {
        snprintf(first, sizeof first, "%-*.*s", HELP_COLUMN, HELP_COLUMN, head);
    }
    paragraph_add(text, first, option->help, columns);
}

void options_explain(FILE *out, const struct manual *manual, const struct option *options,
                     size_t option_count) {
    struct text text = {0};
    size_t columns = screen_columns(out);
    columns = columns < HELP_COLUMNS_MAX ? columns : HELP_COLUMNS_MAX;
    text_addf(&text, "Usage: holdpoint %s %s\n\n%s\n", manual->command, manual->synopsis, manual->purpose);
    if (option_count > 0) {
        text_add(&text, "Options:\n");
    }
    for (size_t i = 0; i < option_count; i++) {
        explain_option(&text, &options[i], columns);
    }
    text_addf(&text, "\nExamples:\n%s", manual->examples);
    fputs(text.bytes && !text.failed ? text.bytes : "out of memory\n", out);
    text_release(&text);
}

int usage_complain(const char *command, const struct hp_problem *problem) {
    fprintf(stderr, "holdpoint %s: %s\n", command, problem->detail);
    return problem->status == HP_INTERNAL ? EXIT_BROKEN : EXIT_USAGE;
}

bool options_begin(const struct manual *manual, const struct option *options, size_t option_count, int count,
                   char **arguments, struct option_list *operands, int *exit_code) {
    struct hp_problem problem = {0};
    bool help = false;
    options_read(options, option_count, count, arguments, operands, &help, &problem);
    if (help) {
        options_explain(stdout, manual, options, option_count);
        *exit_code = EXIT_CONFORMS;
        return false;
    }
    if (problem.status == HP_OK && operands->count > manual->operands_max) {
        hp_problem_set(&problem, HP_INVALID, NULL, "\"%s\" is one argument too many",
                       operands->items[manual->operands_max]);
    }
    if (problem.status == HP_OK && operands->count < manual->operands_min) {
        hp_problem_set(&problem, HP_INVALID, NULL, "an argument is missing: %s", manual->synopsis);
    }
    if (problem.status != HP_OK) {
        *exit_code = usage_complain(manual->command, &problem);
        fprintf(stderr, "`holdpoint %s --help` shows how it is used.\n", manual->command);
        return false;
    }
    return true;
}
