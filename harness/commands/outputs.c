#include "harness/commands/outputs.h"

#include "reference/base/text.h"

#include <string.h>

/* "terminal, junit and markdown". */
static void add_known(struct text *text, const char *const *formats) {
    for (size_t i = 0; formats[i]; i++) {
        text_addf(text, "%s%s", i == 0 ? "" : formats[i + 1] ? ", " : " and ", formats[i]);
    }
}

enum hp_status outputs_take_format(void *value, const char *text, struct hp_problem *problem) {
    struct outputs *outputs = value;
    size_t known = 0;
    while (outputs->formats[known] && strcmp(outputs->formats[known], text) != 0) {
        known++;
    }
    if (!outputs->formats[known]) {
        struct text names = {0};
        add_known(&names, outputs->formats);
        hp_problem_set(problem, HP_INVALID, NULL, "there is no format \"%s\"; %s %s known", text,
                       names.bytes ? names.bytes : "others", outputs->formats[1] ? "are" : "is");
        text_release(&names);
        return HP_INVALID;
    }
    if (outputs->count == OUTPUTS_MAX) {
        return hp_problem_set(problem, HP_INVALID, NULL, "more than %d formats", OUTPUTS_MAX);
    }
    outputs->items[outputs->count++].format = outputs->formats[known];
    return HP_OK;
}

enum hp_status outputs_take_path(void *value, const char *text, struct hp_problem *problem) {
    struct outputs *outputs = value;
    struct output *last = outputs->count > 0 ? &outputs->items[outputs->count - 1] : NULL;
    if (!last || last->path) {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "--output %s stands behind no --format of its own; write --format junit --output %s", text, text);
    }
    last->path = text;
    return HP_OK;
}

enum hp_status outputs_check(const struct outputs *outputs, struct hp_problem *problem) {
    size_t on_stdout = 0;
    for (size_t i = 0; i < outputs->count; i++) {
        on_stdout += !outputs->items[i].path;
    }
    return on_stdout > 1 ? hp_problem_set(problem, HP_INVALID, NULL,
                                          "two formats would share stdout; give all but one an --output FILE")
                         : HP_OK;
}

void outputs_name_files(const struct outputs *outputs, struct named_files *files) {
    for (size_t i = 0; i < outputs->count; i++) {
        named_files_add(files, outputs->items[i].path, NAMED_FILE_WRITTEN, "the %s report",
                        outputs->items[i].format);
    }
}
