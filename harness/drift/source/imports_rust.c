#include "harness/drift/source/imports.h"

#include "reference/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The name of a crate in its Cargo.toml, as code writes it; false when there is none. */
static bool read_crate(const struct source_file *file, char crate[IMPORT_SIZE]) {
    const char *slash = strrchr(file->path, '/');
    if (strcmp(slash ? slash + 1 : file->path, "Cargo.toml") != 0 || !file->text) {
        return false;
    }
    const char *name = strstr(file->text, "name");
    const char *quote = name ? strchr(name, '"') : NULL;
    size_t length = quote ? strcspn(quote + 1, "\"\n") : 0;
    if (length == 0 || length >= IMPORT_SIZE) {
        return false;
    }
    memcpy(crate, quote + 1, length);
    crate[length] = '\0';
    for (char *at = crate; *at; at++) {
        *at = *at == '-' ? '_' : *at;
    }
    return true;
}

/* The folder of the crate of that name, with its sources; false when it is none of the tree's. */
static bool find_crate(const struct source_tree *tree, const char *name, char folder[IMPORT_SIZE]) {
    char crate[IMPORT_SIZE], own[IMPORT_SIZE];
    for (size_t i = 0; i < tree->count; i++) {
        if (read_crate(&tree->files[i], crate) && strcmp(crate, name) == 0) {
            import_folder_of(own, tree->files[i].path);
            return import_resolve(folder, own, "src");
        }
    }
    return false;
}

static const struct source_file *find_module(const struct source_tree *tree, const char *folder,
                                             const char *name) {
    static const char *const forms[] = {"%s/%s.rs", "%s/%s/mod.rs"};
    char path[IMPORT_SIZE * 2 + 16];
    const struct source_file *file = NULL;
    for (size_t i = 0; !file && i < sizeof forms / sizeof forms[0]; i++) {
        snprintf(path, sizeof path, i == 0 ? "%s/%s.rs" : "%s/%s/mod.rs", folder, name);
        file = source_tree_find(tree, path);
    }
    return file;
}

/* Copies the next part of a path and passes over the :: behind it. */
static const char *take_part(const char *at, char part[IMPORT_SIZE]) {
    size_t length = 0;
    while ((isalnum((unsigned char)at[length]) || at[length] == '_') && length + 1 < IMPORT_SIZE) {
        part[length] = at[length];
        length++;
    }
    part[length] = '\0';
    at += length;
    return strncmp(at, "::", 2) == 0 ? at + 2 : at;
}

/* True when a file hands on a name by a use of several, which is not taken apart here. */
static bool hands_on(const struct source_file *file, const char *name) {
    size_t index = 0;
    for (const struct fact *use; (use = facts_next(&file->facts, FACT_IMPORT, &index)); index++) {
        if (use->of && strstr(use->of, name)) {
            return true;
        }
    }
    return false;
}

/* Follows a path into the modules below a file; false when it leads to something that is there, or is not known. */
static bool leads_nowhere(const struct source_tree *tree, const struct source_file *file, const char *folder,
                          const char *path, struct import_fault *fault) {
    char here[IMPORT_SIZE], part[IMPORT_SIZE], next[IMPORT_SIZE];
    text_put(here, sizeof here, folder);
    while (file) {
        path = take_part(path, part);
        if (!*part || import_file_is_open(file)) {
            return false; /* a list in braces, or everything */
        }
        const struct source_file *module = find_module(tree, here, part);
        if (!module && !import_file_has(file, part) && !hands_on(file, part)) {
            text_put(fault->name, sizeof fault->name, part);
            return true;
        }
        if (!module || !import_resolve(next, here, part)) {
            return false;
        }
        text_put(here, sizeof here, next);
        file = module;
    }
    return false;
}

/* Judges each name in the braces behind a path, one level deep. */
static bool one_leads_nowhere(const struct source_tree *tree, const struct source_file *root,
                              const char *folder, const char *path, struct import_fault *fault) {
    const char *brace = strchr(path, '{');
    if (!brace) {
        return leads_nowhere(tree, root, folder, path, fault);
    }
    for (const char *at = brace; *at && *at != '}';) {
        char whole[IMPORT_SIZE * 2];
        at += 1 + strspn(at + 1, " \t\r\n,");
        size_t length = strcspn(at, ",}{");
        if (at[length] == '{') {
            return false;
        }
        if (length > 0 && *at != '}' && strncmp(at, "self", 4) != 0) {
            snprintf(whole, sizeof whole, "%.*s%.*s", (int)(brace - path), path, (int)length, at);
            if (leads_nowhere(tree, root, folder, whole, fault)) {
                return true;
            }
        }
        at += *at == '}' ? 0 : length;
    }
    return false;
}

bool import_is_gone_rust(const struct source_tree *tree, const struct source_file *file,
                         const struct fact *import, struct import_fault *fault) {
    char crate[IMPORT_SIZE], folder[IMPORT_SIZE];
    (void)file;
    text_put(fault->module, sizeof fault->module, import->of);
    const char *path = take_part(import->of, crate);
    if (path == import->of + strlen(crate) || !find_crate(tree, crate, folder)) {
        return false;
    }
    const struct source_file *root = find_module(tree, folder, "lib");
    return root && one_leads_nowhere(tree, root, folder, path, fault);
}
