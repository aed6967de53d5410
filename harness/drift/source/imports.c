#include "harness/drift/source/imports.h"

#include <stdio.h>
#include <string.h>

bool import_file_has(const struct source_file *file, const char *name) {
    for (size_t i = 0; i < file->facts.count; i++) {
        const struct fact *fact = &file->facts.items[i];
        bool names = fact->type == FACT_DEFINE || fact->type == FACT_IMPORT;
        if (names && fact->name && strcmp(fact->name, name) == 0) {
            return true;
        }
    }
    return false;
}

bool import_file_is_open(const struct source_file *file) {
    for (size_t i = 0; i < file->facts.count; i++) {
        const struct fact *fact = &file->facts.items[i];
        bool all = fact->type == FACT_IMPORT && memchr(file->text + fact->from, '*', fact->to - fact->from);
        bool made = fact->type == FACT_DEFINE && fact->name && strcmp(fact->name, "__getattr__") == 0;
        if (all || made) {
            return true;
        }
    }
    return strstr(file->text, "globals()") != NULL;
}

void import_folder_of(char folder[IMPORT_SIZE], const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    length = length < IMPORT_SIZE ? length : IMPORT_SIZE - 1;
    memcpy(folder, path, length);
    folder[length] = '\0';
}

/* Adds one part to a path. */
static bool add_part(char path[IMPORT_SIZE], const char *part, size_t length) {
    size_t have = strlen(path);
    if (length == 0 || (length == 1 && part[0] == '.')) {
        return true;
    }
    if (length == 2 && part[0] == '.' && part[1] == '.') {
        char *slash = strrchr(path, '/');
        *(slash ? slash : path) = '\0';
        return have > 0;
    }
    if (have + length + 2 > IMPORT_SIZE) {
        return false;
    }
    snprintf(path + have, IMPORT_SIZE - have, "%s%.*s", have > 0 ? "/" : "", (int)length, part);
    return true;
}

bool import_resolve(char path[IMPORT_SIZE], const char *folder, const char *relative) {
    snprintf(path, IMPORT_SIZE, "%s", folder);
    while (*relative) {
        size_t length = strcspn(relative, "/");
        if (!add_part(path, relative, length)) {
            return false;
        }
        relative += length + (relative[length] == '/');
    }
    return true;
}

bool import_is_gone(const struct source_tree *tree, const struct source_file *file, const struct fact *import,
                    struct import_fault *fault) {
    static bool (*const rules[LANGUAGE_COUNT])(const struct source_tree *, const struct source_file *,
                                               const struct fact *, struct import_fault *) = {
        [LANGUAGE_PYTHON] = import_is_gone_python,
        [LANGUAGE_GO] = import_is_gone_go,
        [LANGUAGE_TYPESCRIPT] = import_is_gone_typescript,
        [LANGUAGE_TSX] = import_is_gone_typescript,
        [LANGUAGE_RUST] = import_is_gone_rust,
        [LANGUAGE_JAVA] = import_is_gone_java,
        [LANGUAGE_C] = import_is_gone_c,
    };
    *fault = (struct import_fault){0};
    return import->of && rules[file->language->id](tree, file, import, fault);
}
