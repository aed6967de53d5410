#include "harness/drift/source/tree.h"

#include "harness/base/folder.h"
#include "reference/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_CAP_BYTES = 1024 * 1024, FILES_CAP = 200000, DEPTH_CAP = 64 };

/* Folders of what was built or fetched, which nobody writes by hand. */
static const char *const skipped[] = {"node_modules", "vendor",        "target", "build", "dist",
                                      "__pycache__",  "site-packages", "venv",   "out",   "bin"};

/* Parts of names by which the data layer and the tests are known when nobody says which they are. */
static const char *const data_layer_parts[] = {
    "store",   "stores", "storage", "repository", "repositories", "repo",     "repos",      "database",
    "db",      "dao",    "daos",    "data",       "persistence",  "postgres", "postgresql", "sqlite",
    "sql",     "models", "queries", "migrations", "migration",    "schema",   "schemas",    "fixtures",
    "records", NULL};
static const char *const test_folders[] = {"test", "tests", "testing", "spec",    "specs", "__tests__",
                                           "e2e",  "fuzz",  "bench",   "benches", NULL};
static const char *const test_files[] = {"test_",     "_test.",     ".test.",  ".spec.", "conftest.",
                                         "Test.java", "Tests.java", "IT.java", NULL};

/* A reading under way. */
struct reading {
    const struct configuration *configuration;
    struct source_tree *tree;
    struct syntax_library *library;
    struct syntax_patterns *patterns[LANGUAGE_COUNT];
    struct hp_problem *problem;
};

/* True when a name between the separators of a path is one of the parts. */
static bool has_part(const char *path, size_t path_length, const char *separators, const char *const *parts) {
    for (size_t at = 0; at < path_length;) {
        size_t length = strcspn(path + at, separators);
        for (size_t i = 0; parts[i]; i++) {
            if (strlen(parts[i]) == length && memcmp(parts[i], path + at, length) == 0) {
                return true;
            }
        }
        at += length + 1;
    }
    return false;
}

static bool looks_like_data_layer(const char *path) {
    return has_part(path, strlen(path), "/._-", data_layer_parts);
}

static bool looks_like_test(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (has_part(path, (size_t)(name - path), "/", test_folders)) {
        return true;
    }
    for (size_t i = 0; test_files[i]; i++) {
        if (strstr(name, test_files[i])) {
            return true;
        }
    }
    return false;
}

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), part = strlen(ending);
    return length >= part && strcmp(path + length - part, ending) == 0;
}

/* Files of no language that say something all the same: SQL, and how modules and crates are called. */
static bool is_wanted(const char *path) {
    return ends_with(path, ".sql") || ends_with(path, "go.mod") || ends_with(path, "Cargo.toml");
}

static bool is_skipped(const struct reading *reading, const char *name, const char *path) {
    bool said = false;
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        if (strcmp(skipped[i], name) == 0) {
            return true;
        }
    }
    return configuration_is(reading->configuration, FOLDER_SKIP, path, &said);
}

/* True when the user says so or, where he says nothing, when the path looks so. */
static bool has_role(const struct reading *reading, enum folder_role role, const char *path,
                     bool (*looks)(const char *path)) {
    bool said = false;
    bool is = configuration_is(reading->configuration, role, path, &said);
    return said ? is : looks(path);
}

/* Reads a text; NULL without a problem when it is too large or no text. */
static enum hp_status read_text(struct reading *reading, const char *path, off_t size, char **text,
                                size_t *length) {
    FILE *file = size <= FILE_CAP_BYTES ? fopen(path, "rb") : NULL;
    *text = NULL;
    if (!file) {
        reading->tree->passed_over++;
        return HP_OK;
    }
    char *bytes = malloc((size_t)size + 1);
    if (!bytes) {
        fclose(file);
        return hp_problem_no_memory(reading->problem);
    }
    *length = fread(bytes, 1, (size_t)size, file);
    bytes[*length] = '\0';
    fclose(file);
    if (memchr(bytes, '\0', *length)) {
        reading->tree->passed_over++;
        free(bytes);
        return HP_OK;
    }
    *text = bytes;
    return HP_OK;
}

static enum hp_status prepare(struct reading *reading, const struct language *language) {
    struct syntax_patterns **patterns = &reading->patterns[language->id];
    enum hp_status status = HP_OK;
    if (!reading->library) {
        status = syntax_open(&reading->library, reading->problem);
    }
    if (status == HP_OK && !*patterns) {
        status = syntax_compile(reading->library, language->grammar, language->patterns,
                                *language->patterns_length_bytes, patterns, reading->problem);
    }
    return status;
}

static enum hp_status read_file(struct reading *reading, struct source_file *file, const char *path,
                                off_t size) {
    file->language = language_of(file->path);
    file->is_test = has_role(reading, FOLDER_TESTS, file->path, looks_like_test);
    file->is_data_layer = has_role(reading, FOLDER_DATA_LAYER, file->path, looks_like_data_layer);
    if (!file->language && !is_wanted(file->path)) {
        return HP_OK;
    }
    enum hp_status status = read_text(reading, path, size, &file->text, &file->length_bytes);
    if (status == HP_OK && file->text && file->language && !syntax_can_read(file->text, file->length_bytes)) {
        reading->tree->passed_over++;
    } else if (status == HP_OK && file->text && file->language) {
        reading->tree->read_count++;
        status = prepare(reading, file->language);
        status = status == HP_OK ? facts_read(reading->patterns[file->language->id], file->text,
                                              file->length_bytes, &file->facts, reading->problem)
                                 : status;
    }
    return status;
}

static struct source_file *add_file(struct source_tree *tree) {
    if (tree->count == tree->room) {
        size_t room = tree->room ? tree->room * 2 : 64;
        struct source_file *files = room <= FILES_CAP * 2 ? realloc(tree->files, room * sizeof *files) : NULL;
        if (!files) {
            return NULL;
        }
        tree->files = files;
        tree->room = room;
    }
    tree->files[tree->count] = (struct source_file){0};
    return &tree->files[tree->count++];
}

static enum hp_status read_folder(struct reading *reading, const char *folder, const char *below,
                                  size_t depth);

/* A name in a folder: a file, a folder, or something else that is left alone, as links are, which may lead in circles. */
static enum hp_status read_name(struct reading *reading, const char *path, const char *name,
                                const char *below, size_t depth) {
    struct stat is;
    char *inner = *below ? path_join(below, name) : text_copy(name);
    enum hp_status status = inner ? HP_OK : hp_problem_no_memory(reading->problem);
    if (status != HP_OK || lstat(path, &is) != 0 || is_skipped(reading, name, inner)) {
        free(inner);
        return status;
    }
    if (S_ISDIR(is.st_mode)) {
        status = depth < DEPTH_CAP ? read_folder(reading, path, inner, depth + 1) : HP_OK;
    } else if (S_ISREG(is.st_mode)) {
        struct source_file *file = add_file(reading->tree);
        if (!file) {
            free(inner);
            return hp_problem_no_memory(reading->problem);
        }
        file->path = inner;
        file->shown = text_copy(path);
        return !file->shown ? hp_problem_no_memory(reading->problem)
                            : read_file(reading, file, path, is.st_size);
    }
    free(inner);
    return status;
}

static enum hp_status read_folder(struct reading *reading, const char *folder, const char *below,
                                  size_t depth) {
    struct folder names = {0};
    enum hp_status status = folder_read(folder, &names, reading->problem);
    for (size_t i = 0; status == HP_OK && i < names.count; i++) {
        char *path = path_join(folder, names.names[i]);
        status = path ? read_name(reading, path, names.names[i], below, depth)
                      : hp_problem_no_memory(reading->problem);
        free(path);
    }
    folder_release(&names);
    return status;
}

static int compare_files(const void *one, const void *other) {
    return strcmp(((const struct source_file *)one)->path, ((const struct source_file *)other)->path);
}

enum hp_status source_tree_read(const char *root, const struct configuration *configuration,
                                struct source_tree *tree, struct hp_problem *problem) {
    struct reading reading = {.configuration = configuration, .tree = tree, .problem = problem};
    *tree = (struct source_tree){0};
    tree->root = text_copy(root);
    enum hp_status status = tree->root ? read_folder(&reading, root, "", 0) : hp_problem_no_memory(problem);
    if (tree->count > 0) {
        qsort(tree->files, tree->count, sizeof *tree->files, compare_files);
    }
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        syntax_free(reading.patterns[i]);
    }
    syntax_close(reading.library);
    return status;
}

void source_tree_release(struct source_tree *tree) {
    for (size_t i = 0; i < tree->count; i++) {
        free(tree->files[i].path);
        free(tree->files[i].shown);
        free(tree->files[i].text);
        facts_release(&tree->files[i].facts);
    }
    free(tree->files);
    free(tree->root);
    *tree = (struct source_tree){0};
}

/* The first file that does not stand before the path. */
static size_t find_place(const struct source_tree *tree, const char *path) {
    size_t low = 0, high = tree->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(tree->files[middle].path, path) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct source_file *source_tree_find(const struct source_tree *tree, const char *path) {
    size_t at = find_place(tree, path);
    return at < tree->count && strcmp(tree->files[at].path, path) == 0 ? &tree->files[at] : NULL;
}

bool source_tree_has_folder(const struct source_tree *tree, const char *path) {
    size_t length = strlen(path);
    if (length == 0) {
        return tree->count > 0;
    }
    for (size_t at = find_place(tree, path); at < tree->count; at++) {
        const char *found = tree->files[at].path;
        if (strncmp(found, path, length) != 0) {
            return false;
        }
        if (found[length] == '/') {
            return true;
        }
    }
    return false;
}
