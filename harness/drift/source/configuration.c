#include "harness/drift/source/configuration.h"

#include "harness/base/locate.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER_SIZE = 64 };

static const char *const meanings[] = {
    [MEANING_NOTHING] = "nothing",     [MEANING_KINDS] = "kinds",         [MEANING_STATUSES] = "statuses",
    [MEANING_DECISIONS] = "decisions", [MEANING_INTERRUPT] = "interrupt", [MEANING_RESPONSE] = "response",
    [MEANING_ENVELOPE] = "envelope",
};

static const char *const roles[FOLDER_ROLE_COUNT] = {"data_layer", "tests", "skip"};

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static enum hp_status read_ignored(struct configuration *configuration, struct hp_problem *problem) {
    const struct document *document = &configuration->document;
    const json_t *list = json_object_get(document->root, "ignore");
    configuration->ignored = calloc(json_array_size(list) + 1, sizeof *configuration->ignored);
    if (!configuration->ignored) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        char pointer[POINTER_SIZE];
        const json_t *item = json_array_get(list, i);
        snprintf(pointer, sizeof pointer, "/ignore/%zu", i);
        configuration->ignored[configuration->ignored_count++] = (struct ignored){
            .check = text_of(item, "check"),
            .path = text_of(item, "path"),
            .name = text_of(item, "name"),
            .reason = text_of(item, "reason"),
            .line = locate_pointer(document->text, document->length_bytes, pointer),
        };
    }
    return HP_OK;
}

enum hp_status configuration_read(const char *path, const struct vocabulary *vocabulary,
                                  struct configuration *configuration, struct hp_problem *problem) {
    struct hp_problem fault = {0};
    *configuration = (struct configuration){0};
    enum hp_status status = document_read(path, &configuration->document, &fault);
    if (status != HP_OK) {
        return hp_problem_set(problem, status == HP_INTERNAL ? HP_INTERNAL : HP_INVALID, NULL, "%s",
                              fault.detail);
    }
    status = vocabulary_check(vocabulary, &configuration->document, "source.json", problem);
    return status == HP_OK ? read_ignored(configuration, problem) : status;
}

void configuration_release(struct configuration *configuration) {
    free(configuration->ignored);
    document_release(&configuration->document);
    *configuration = (struct configuration){0};
}

enum meaning configuration_meaning(const struct configuration *configuration, const char *type) {
    const char *said = type ? text_of(json_object_get(configuration->document.root, "types"), type) : NULL;
    for (size_t i = MEANING_NOTHING; said && i < sizeof meanings / sizeof meanings[0]; i++) {
        if (strcmp(meanings[i], said) == 0) {
            return (enum meaning)i;
        }
    }
    return MEANING_UNSAID;
}

/* A pattern that ends with a slash means the folder with all that is in it. */
static bool fits(const char *pattern, const char *path) {
    size_t length = strlen(pattern);
    if (length > 0 && pattern[length - 1] == '/') {
        return strncmp(pattern, path, length) == 0;
    }
    return fnmatch(pattern, path, 0) == 0;
}

bool configuration_is(const struct configuration *configuration, enum folder_role role, const char *path,
                      bool *said) {
    const json_t *list =
        json_object_get(json_object_get(configuration->document.root, "folders"), roles[role]);
    *said = list != NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (fits(json_string_value(json_array_get(list, i)), path)) {
            return true;
        }
    }
    return false;
}

const struct ignored *configuration_ignores(struct configuration *configuration, const char *check,
                                            const char *path, const char *name) {
    for (size_t i = 0; i < configuration->ignored_count; i++) {
        struct ignored *ignored = &configuration->ignored[i];
        if (strcmp(ignored->check, check) == 0 && fits(ignored->path, path) &&
            (!ignored->name || (name && strcmp(ignored->name, name) == 0))) {
            ignored->used++;
            return ignored;
        }
    }
    return NULL;
}
