#include "harness/drift/source/imports.h"

#include "reference/base/text.h"

#include <stdio.h>
#include <string.h>

/* A module below a root: a file, a package, or a folder without __init__.py. */
enum module_form { MODULE_NONE, MODULE_FILE, MODULE_FOLDER };

static enum module_form find_module(const struct source_tree *tree, const char *path,
                                    const struct source_file **file) {
    static const char *const endings[] = {".py", "/__init__.py", ".pyi", "/__init__.pyi"};
    char name[IMPORT_SIZE + 16];
    *file = NULL;
    for (size_t i = 0; !*file && i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        *file = source_tree_find(tree, name);
    }
    return *file ? MODULE_FILE : source_tree_has_folder(tree, path) ? MODULE_FOLDER : MODULE_NONE;
}

/* An import within `try:` may fail on purpose. */
static bool is_tried(const struct source_file *file, const struct fact *import) {
    size_t line = import->from;
    while (line > 0 && file->text[line - 1] != '\n') {
        line--;
    }
    size_t indent = import->from - line;
    while (indent > 0 && line > 0) {
        size_t end = line - 1;
        line = end;
        while (line > 0 && file->text[line - 1] != '\n') {
            line--;
        }
        size_t lead = strspn(file->text + line, " \t");
        if (line + lead < end && lead < indent) {
            if (strncmp(file->text + line + lead, "try:", 4) == 0 ||
                strncmp(file->text + line + lead, "with ", 5) == 0) {
                return true;
            }
            indent = lead;
        }
    }
    return false;
}

/* True when a module makes others by itself, or takes them from elsewhere. */
static bool is_maker(const struct source_file *file) {
    static const char *const signs[] = {"sys.modules", "meta_path", "__path__",
                                        "importlib",   "pkgutil",   "pkg_resources"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (strstr(file->text, signs[i])) {
            return true;
        }
    }
    return false;
}

static bool has_python_files(const struct source_tree *tree, const char *folder) {
    char own[IMPORT_SIZE];
    for (size_t i = 0; i < tree->count; i++) {
        const struct source_file *file = &tree->files[i];
        import_folder_of(own, file->path);
        if (file->language && file->language->id == LANGUAGE_PYTHON && strcmp(own, folder) == 0) {
            return true;
        }
    }
    return false;
}

/* A module that is not there may be somewhere else: what is above it makes modules, or is a folder that several packages share. */
static bool may_be_elsewhere(const struct source_tree *tree, const char *path) {
    char above[IMPORT_SIZE], next[IMPORT_SIZE];
    const struct source_file *file = NULL;
    text_put(next, sizeof next, path);
    do {
        import_folder_of(above, next);
        text_put(next, sizeof next, above);
    } while (*above && find_module(tree, above, &file) == MODULE_NONE);
    return file ? is_maker(file) : !*above || !has_python_files(tree, above);
}

/* Judges the import when its module's first part stands below this root; *ours says whether it does. */
static bool is_gone_below(const struct source_tree *tree, const char *root, const char *module,
                          const char *name, bool *ours, struct import_fault *fault) {
    char path[IMPORT_SIZE], first[IMPORT_SIZE], relative[IMPORT_SIZE];
    const struct source_file *file = NULL;
    text_put(relative, sizeof relative, module);
    for (char *dot = relative; *dot; dot++) {
        *dot = *dot == '.' ? '/' : *dot;
    }
    text_put(first, sizeof first, relative);
    first[strcspn(first, "/")] = '\0';
    if (!import_resolve(path, root, first) || find_module(tree, path, &file) == MODULE_NONE ||
        !import_resolve(path, root, relative)) {
        return false;
    }
    *ours = true;
    switch (find_module(tree, path, &file)) {
    case MODULE_NONE:
        return !may_be_elsewhere(tree, path);
    case MODULE_FOLDER:
        break;
    case MODULE_FILE:
        if (!name || import_file_has(file, name) || import_file_is_open(file)) {
            return false;
        }
        break;
    }
    char inner[IMPORT_SIZE];
    if (!name || (import_resolve(inner, path, name) && find_module(tree, inner, &file) != MODULE_NONE)) {
        return false;
    }
    text_put(fault->name, sizeof fault->name, name);
    return true;
}

/* `from .. import x`: as many folders up as there are dots, less one. */
static bool is_gone_relative(const struct source_tree *tree, const struct source_file *file,
                             const struct fact *import, struct import_fault *fault) {
    char root[IMPORT_SIZE];
    const char *module = import->of;
    bool ours = false;
    import_folder_of(root, file->path);
    for (module++; *module == '.'; module++) {
        char up[IMPORT_SIZE];
        import_folder_of(up, root);
        text_put(root, sizeof root, up);
    }
    if (*module) {
        bool gone = is_gone_below(tree, root, module, import->name, &ours, fault);
        return gone || !ours;
    }
    const struct source_file *package = NULL;
    char path[IMPORT_SIZE];
    bool found = !import->name || (import_resolve(path, root, import->name) &&
                                   find_module(tree, path, &package) != MODULE_NONE);
    if (!found && find_module(tree, root, &package) == MODULE_FILE) {
        found = import_file_has(package, import->name) || import_file_is_open(package);
    }
    return !found;
}

/* An import is ours when its first part stands in the root of the tree, in src, or in a folder above the test. */
static bool is_gone_absolute(const struct source_tree *tree, const struct source_file *file,
                             const struct fact *import, struct import_fault *fault) {
    char root[IMPORT_SIZE], source[IMPORT_SIZE];
    bool ours = false, found = false;
    import_folder_of(root, file->path);
    for (;;) {
        for (int i = 0; i < 2 && !found; i++) {
            bool here = false;
            struct import_fault last = {0};
            bool known = import_resolve(source, root, i == 0 ? "." : "src");
            bool gone = known && is_gone_below(tree, source, import->of, import->name, &here, &last);
            found = here && !gone;
            if (here && gone) {
                *fault = last;
            }
            ours = ours || here;
        }
        if (found || root[0] == '\0') {
            break;
        }
        char up[IMPORT_SIZE];
        import_folder_of(up, root);
        text_put(root, sizeof root, up);
    }
    return ours && !found;
}

bool import_is_gone_python(const struct source_tree *tree, const struct source_file *file,
                           const struct fact *import, struct import_fault *fault) {
    bool gone =
        !is_tried(file, import) && (import->of[0] == '.' ? is_gone_relative(tree, file, import, fault)
                                                         : is_gone_absolute(tree, file, import, fault));
    text_put(fault->module, sizeof fault->module, import->of);
    return gone;
}
