/* Languages whose imports are paths: Go, TypeScript and JavaScript, Java, C. */
#include "harness/drift/source/imports.h"

#include "reference/base/text.h"

#include <stdio.h>
#include <string.h>

/* What stands in the quotes, or between < and >. */
static void put_unquoted(char text[IMPORT_SIZE], const char *source) {
    size_t from = strspn(source, "\"'`<");
    size_t length = strcspn(source + from, "\"'`>");
    length = length < IMPORT_SIZE ? length : IMPORT_SIZE - 1;
    memcpy(text, source + from, length);
    text[length] = '\0';
}

static bool is_named(const char *path, const char *name) {
    const char *slash = strrchr(path, '/');
    return strcmp(slash ? slash + 1 : path, name) == 0;
}

/* The name of a module in its go.mod; false when there is none. */
static bool read_go_module(const struct source_file *file, char module[IMPORT_SIZE]) {
    const char *line = is_named(file->path, "go.mod") && file->text ? strstr(file->text, "module ") : NULL;
    if (!line) {
        return false;
    }
    line += strlen("module ");
    size_t length = strcspn(line, " \t\r\n");
    snprintf(module, IMPORT_SIZE, "%.*s", (int)length, line);
    return length > 0 && length < IMPORT_SIZE;
}

static bool has_go_files(const struct source_tree *tree, const char *folder) {
    for (size_t i = 0; i < tree->count; i++) {
        char own[IMPORT_SIZE];
        const struct source_file *file = &tree->files[i];
        import_folder_of(own, file->path);
        if (file->language && file->language->id == LANGUAGE_GO && strcmp(own, folder) == 0) {
            return true;
        }
    }
    return false;
}

bool import_is_gone_go(const struct source_tree *tree, const struct source_file *file,
                       const struct fact *import, struct import_fault *fault) {
    char module[IMPORT_SIZE], folder[IMPORT_SIZE], path[IMPORT_SIZE];
    (void)file;
    put_unquoted(fault->module, import->of);
    for (size_t i = 0; i < tree->count; i++) {
        size_t length = read_go_module(&tree->files[i], module) ? strlen(module) : 0;
        if (length > 0 && strncmp(fault->module, module, length) == 0 && fault->module[length] == '/') {
            import_folder_of(folder, tree->files[i].path);
            return import_resolve(path, folder, fault->module + length + 1) && !has_go_files(tree, path);
        }
    }
    return false;
}

/* The file that a relative import of TypeScript or JavaScript means. */
static const struct source_file *find_typescript(const struct source_tree *tree, const char *path) {
    static const char *const endings[] = {
        "",     ".ts",   ".tsx",      ".d.ts",      ".js",       ".jsx",        ".mjs", ".cjs",   ".mts",
        ".cts", ".json", "/index.ts", "/index.tsx", "/index.js", "/index.d.ts", ".vue", ".svelte"};
    static const char *const sources[] = {".ts", ".tsx", ".mts", ".cts", ".d.ts"};
    char name[IMPORT_SIZE + 16];
    const struct source_file *file = NULL;
    for (size_t i = 0; !file && i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        file = source_tree_find(tree, name);
    }
    const char *dot = strrchr(path, '.'); /* "./x.js" is written where "./x.ts" will be compiled to it */
    for (size_t i = 0; !file && dot && i < sizeof sources / sizeof sources[0]; i++) {
        snprintf(name, sizeof name, "%.*s%s", (int)(dot - path), path, sources[i]);
        file = source_tree_find(tree, name);
    }
    return file;
}

bool import_is_gone_typescript(const struct source_tree *tree, const struct source_file *file,
                               const struct fact *import, struct import_fault *fault) {
    char folder[IMPORT_SIZE], path[IMPORT_SIZE];
    put_unquoted(fault->module, import->of);
    import_folder_of(folder, file->path);
    if (fault->module[0] != '.' || strchr(fault->module, '?') ||
        !import_resolve(path, folder, fault->module)) {
        return false;
    }
    const struct source_file *found = find_typescript(tree, path);
    if (!found) {
        return true;
    }
    if (!import->name || !found->language || import_file_has(found, import->name) ||
        import_file_is_open(found) || strcmp(import->name, "default") == 0 ||
        strstr(found->text, "module.exports") || strstr(found->text, "exports.")) {
        return false;
    }
    text_put(fault->name, sizeof fault->name, import->name);
    return true;
}

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), part = strlen(ending);
    return length >= part && strcmp(path + length - part, ending) == 0 &&
           (length == part || path[length - part - 1] == '/');
}

static bool has_path(const struct source_tree *tree, const char *ending) {
    for (size_t i = 0; i < tree->count; i++) {
        if (ends_with(tree->files[i].path, ending)) {
            return true;
        }
    }
    return false;
}

/* True when some file lies below a folder of that path, wherever that is. */
static bool has_folder(const struct source_tree *tree, const char *folder) {
    char inner[IMPORT_SIZE + 2];
    snprintf(inner, sizeof inner, "%s/", folder);
    for (size_t i = 0; i < tree->count; i++) {
        const char *at = strstr(tree->files[i].path, inner);
        if (at && (at == tree->files[i].path || at[-1] == '/')) {
            return true;
        }
    }
    return false;
}

/* `com.acme.hold.Service`: ours when com/acme is a folder of the tree; a class may stand within another's file. */
bool import_is_gone_java(const struct source_tree *tree, const struct source_file *file,
                         const struct fact *import, struct import_fault *fault) {
    char path[IMPORT_SIZE], name[IMPORT_SIZE + 8];
    (void)file;
    text_put(fault->module, sizeof fault->module, import->of);
    text_put(path, sizeof path, import->of);
    if (memchr(file->text + import->from, '*', import->to - import->from)) {
        return false;
    }
    for (char *dot = path; *dot; dot++) {
        *dot = *dot == '.' ? '/' : *dot;
    }
    char *second = strchr(path, '/');
    second = second ? strchr(second + 1, '/') : NULL;
    if (!second) {
        return false;
    }
    *second = '\0';
    bool ours = has_folder(tree, path);
    *second = '/';
    for (char *slash = path + strlen(path); ours && slash > second; slash = strrchr(path, '/')) {
        *slash = '\0';
        snprintf(name, sizeof name, "%s.java", path);
        if (has_path(tree, name)) {
            return false;
        }
    }
    return ours;
}

/* Headers are looked for on paths that nobody knows here, so one is gone only when its folder is ours and no file of the tree
 * ends so. */
bool import_is_gone_c(const struct source_tree *tree, const struct source_file *file,
                      const struct fact *import, struct import_fault *fault) {
    char folder[IMPORT_SIZE];
    (void)file;
    put_unquoted(fault->module, import->of);
    import_folder_of(folder, fault->module);
    const char *plain = fault->module;
    while (strncmp(plain, "../", 3) == 0 || strncmp(plain, "./", 2) == 0) {
        plain += plain[1] == '.' ? 3 : 2;
    }
    import_folder_of(folder, plain);
    return *folder && has_folder(tree, folder) && !has_path(tree, plain);
}
