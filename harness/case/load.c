#include "harness/base/digest.h"
#include "harness/base/folder.h"
#include "harness/base/locate.h"
#include "harness/base/suggest.h"
#include "harness/case/case.h"
#include "harness/case/load_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const chapters[CHAPTER_COUNT] = {
    "kinds",  "lifecycle", "users",    "expiry", "roundtrip", "listing",   "concurrency", "drift",
    "events", "http",      "envelope", "resume", "kernel",    "ratelimit", "durability",  "endtoend"};

struct loader {
    struct suite *suite;
    struct schema *case_schema;
    struct digest *digest;
    struct hp_problem *problem;
    const char *const *paths; /* the files to load; NULL: all chapters of the directory */
    size_t path_count;
};

static struct document *add_document(struct suite *suite) {
    struct suite_store *store = suite->store;
    struct document *documents = realloc(store->documents, (store->document_count + 1) * sizeof *documents);
    if (!documents) {
        return NULL;
    }
    store->documents = documents;
    struct document *document = &documents[store->document_count++];
    memset(document, 0, sizeof *document);
    return document;
}

/* Adds a file to the digest under its name below the fixtures, so that moving the folder changes nothing; one from
 * elsewhere counts by what it holds alone. */
static void digest_document(struct loader *loader, const struct document *document) {
    size_t length = strlen(loader->suite->directory);
    bool below = strncmp(document->path, loader->suite->directory, length) == 0;
    const char *name = below ? document->path + length : "";
    digest_add(loader->digest, name, strlen(name) + 1);
    digest_add(loader->digest, document->text, document->length_bytes);
}

static enum hp_status read_schema(struct loader *loader, const char *name, struct schema **schema) {
    char *path = path_join(loader->suite->directory, name);
    if (!path) {
        return hp_problem_no_memory(loader->problem);
    }
    enum hp_status status = document_read_schema(path, schema, loader->problem);
    free(path);
    return status;
}

/* Reads a file, holds it against a schema and adds it to the digest. *document stays in the suite. */
static enum hp_status read_document(struct loader *loader, const char *path, const struct schema *schema,
                                    struct document **document) {
    *document = add_document(loader->suite);
    if (!*document) {
        return hp_problem_no_memory(loader->problem);
    }
    enum hp_status status = document_read_regular(path, *document, loader->problem);
    if (status == HP_OK) {
        status = document_check(*document, schema, loader->problem);
    }
    if (status == HP_OK) {
        digest_document(loader, *document);
    }
    return status;
}

static enum hp_status load_requirements(struct loader *loader) {
    struct schema *schema = NULL;
    struct document *document = NULL;
    char *path = path_join(loader->suite->directory, "requirements.json");
    enum hp_status status = path ? read_schema(loader, "schema/requirements.json", &schema)
                                 : hp_problem_no_memory(loader->problem);
    if (status == HP_OK) {
        status = read_document(loader, path, schema, &document);
    }
    if (status == HP_OK) {
        status = requirements_load(loader->suite, document, loader->problem);
    }
    schema_free(schema);
    free(path);
    return status;
}

/* Loads the cases of one file; their faults get file and line here. */
static enum hp_status load_cases(struct loader *loader, const struct document *document,
                                 const char *chapter) {
    size_t count = json_array_size(json_object_get(document->root, "cases"));
    size_t *lines = calloc(count, sizeof *lines);
    if (!lines) {
        return hp_problem_no_memory(loader->problem);
    }
    locate_elements(document->text, document->length_bytes, "/cases", lines, count);
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        struct hp_problem fault = {0};
        status = case_load(loader->suite, document, chapter, i, lines[i], &fault);
        if (status == HP_INVALID) {
            document_fault(document, fault.field, loader->problem, "%s", fault.detail);
        } else if (status != HP_OK) {
            hp_problem_set(loader->problem, status, NULL, "%s", fault.detail);
        }
    }
    free(lines);
    return status;
}

/* The chapter that the ids of a checked file name by what stands before their first dot; HP_INVALID when there is none of
 * that name. */
static enum hp_status find_chapter(struct loader *loader, const struct document *document,
                                   const char **chapter) {
    const json_t *first = json_array_get(json_object_get(document->root, "cases"), 0);
    const char *id = json_string_value(json_object_get(first, "id"));
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(id, "."), id);
    for (size_t i = 0; i < CHAPTER_COUNT; i++) {
        if (strcmp(chapters[i], name) == 0) {
            *chapter = chapters[i];
            return HP_OK;
        }
    }
    const char *nearest = suggest_nearest(name, chapters, CHAPTER_COUNT);
    return document_fault(document, "/cases/0/id", loader->problem,
                          "expected an id that begins with a chapter, got \"%s\"%s%s%s", id,
                          nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

static bool has_suffix(const char *name, const char *suffix) {
    size_t length = strlen(name);
    return length > strlen(suffix) && strcmp(name + length - strlen(suffix), suffix) == 0;
}

/* chapter NULL: that of its ids. */
static enum hp_status load_path(struct loader *loader, const char *path, const char *chapter) {
    struct document *document = NULL;
    enum hp_status status = read_document(loader, path, loader->case_schema, &document);
    if (status == HP_OK && !chapter) {
        status = find_chapter(loader, document, &chapter);
    }
    if (status == HP_OK) {
        status = load_cases(loader, document, chapter);
    }
    if (status == HP_OK) {
        free(document->text);
        document->text = NULL;
    }
    return status;
}

static enum hp_status load_file(struct loader *loader, const char *folder, const char *name,
                                const char *chapter) {
    char *path = path_join(folder, name);
    enum hp_status status = path ? load_path(loader, path, chapter) : hp_problem_no_memory(loader->problem);
    free(path);
    return status;
}

static enum hp_status load_chapter(struct loader *loader, const char *cases, const char *chapter) {
    struct folder folder = {0};
    char *path = path_join(cases, chapter);
    enum hp_status status =
        path ? folder_read(path, &folder, loader->problem) : hp_problem_no_memory(loader->problem);
    for (size_t i = 0; status == HP_OK && i < folder.count; i++) {
        if (has_suffix(folder.names[i], ".json")) {
            status = load_file(loader, path, folder.names[i], chapter);
        }
    }
    folder_release(&folder);
    free(path);
    return status;
}

static bool folder_has(const struct folder *folder, const char *name) {
    for (size_t i = 0; i < folder->count; i++) {
        if (strcmp(folder->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* A folder that is no chapter would be left out in silence. */
static enum hp_status check_chapters(struct loader *loader, const char *path, const struct folder *folder) {
    for (size_t i = 0; i < folder->count; i++) {
        bool known = false;
        for (size_t j = 0; j < CHAPTER_COUNT && !known; j++) {
            known = strcmp(chapters[j], folder->names[i]) == 0;
        }
        if (!known) {
            const char *nearest = suggest_nearest(folder->names[i], chapters, CHAPTER_COUNT);
            return hp_problem_set(loader->problem, HP_INVALID, NULL, "%s/%s: no chapter%s%s%s", path,
                                  folder->names[i], nearest ? "; did you mean " : "", nearest ? nearest : "",
                                  nearest ? "?" : "");
        }
    }
    return HP_OK;
}

static enum hp_status load_chapters(struct loader *loader) {
    struct folder folder = {0};
    char *path = path_join(loader->suite->directory, "cases");
    enum hp_status status =
        path ? folder_read(path, &folder, loader->problem) : hp_problem_no_memory(loader->problem);
    if (status == HP_OK) {
        status = check_chapters(loader, path, &folder);
    }
    for (size_t i = 0; status == HP_OK && i < CHAPTER_COUNT; i++) {
        if (folder_has(&folder, chapters[i])) {
            status = load_chapter(loader, path, chapters[i]);
        }
    }
    folder_release(&folder);
    free(path);
    return status;
}

static int compare_cases(const void *one, const void *other) {
    const struct test_case *const *first = one;
    const struct test_case *const *second = other;
    return strcmp((*first)->id, (*second)->id);
}

/* Sorts the cases by id for suite_case, which also brings equal ids together. */
static enum hp_status index_cases(struct loader *loader) {
    struct suite *suite = loader->suite;
    const struct test_case **sorted = calloc(suite->case_count + 1, sizeof *sorted);
    if (!sorted) {
        return hp_problem_no_memory(loader->problem);
    }
    suite->store->cases_by_id = sorted;
    for (size_t i = 0; i < suite->case_count; i++) {
        sorted[i] = &suite->cases[i];
    }
    qsort(sorted, suite->case_count, sizeof *sorted, compare_cases);
    for (size_t i = 1; i < suite->case_count; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            const struct test_case *first = sorted[i] > sorted[i - 1] ? sorted[i - 1] : sorted[i];
            const struct test_case *later = first == sorted[i] ? sorted[i - 1] : sorted[i];
            return hp_problem_set(
                loader->problem, HP_INVALID, NULL,
                "%s:%zu: the id %s is taken already at %s:%zu; an id names one case for ever", later->file,
                later->line, later->id, first->file, first->line);
        }
    }
    return HP_OK;
}

const struct test_case *suite_case(const struct suite *suite, const char *id) {
    size_t low = 0;
    size_t high = suite->case_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int compared = strcmp(id, suite->store->cases_by_id[middle]->id);
        if (compared == 0) {
            return suite->store->cases_by_id[middle];
        }
        if (compared < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

static enum hp_status load_all(struct loader *loader) {
    enum hp_status status = load_requirements(loader);
    if (status == HP_OK) {
        status = read_schema(loader, "schema/case.json", &loader->case_schema);
    }
    if (status == HP_OK && !loader->paths) {
        status = load_chapters(loader);
    }
    for (size_t i = 0; loader->paths && i < loader->path_count && status == HP_OK; i++) {
        status = load_path(loader, loader->paths[i], NULL);
    }
    if (status == HP_OK) {
        status = index_cases(loader);
    }
    if (status == HP_OK && loader->suite->case_count == 0) {
        status = hp_problem_set(loader->problem, HP_INVALID, NULL, "%s/cases: no cases at all",
                                loader->suite->directory);
    }
    return status;
}

/* Writes the digest, whatever became of the rest: it also frees it. */
static enum hp_status finish_digest(struct loader *loader, enum hp_status status) {
    char hex[DIGEST_HEX_SIZE];
    bool done = digest_finish(loader->digest, hex);
    if (status == HP_OK && !done) {
        return hp_problem_set(loader->problem, HP_INTERNAL, NULL, "libcrypto could not make a digest");
    }
    if (status == HP_OK) {
        memcpy(loader->suite->digest, hex, sizeof loader->suite->digest);
    }
    return status;
}

enum hp_status suite_load(const char *directory, struct suite **suite, struct hp_problem *problem) {
    return suite_load_files(directory, NULL, 0, suite, problem);
}

enum hp_status suite_load_files(const char *directory, const char *const *paths, size_t path_count,
                                struct suite **suite, struct hp_problem *problem) {
    struct loader loader = {.problem = problem,
                            .suite = calloc(1, sizeof(struct suite)),
                            .paths = paths,
                            .path_count = path_count};
    *suite = NULL;
    if (!loader.suite) {
        return hp_problem_no_memory(problem);
    }
    loader.suite->directory = text_copy(directory);
    loader.suite->store = calloc(1, sizeof(struct suite_store));
    loader.digest = digest_new();
    enum hp_status status = loader.suite->directory && loader.suite->store && loader.digest
                                ? load_all(&loader)
                                : hp_problem_no_memory(problem);
    status = finish_digest(&loader, status);
    schema_free(loader.case_schema);
    if (status != HP_OK) {
        suite_free(loader.suite);
        return status;
    }
    *suite = loader.suite;
    return HP_OK;
}

static void store_free(struct suite_store *store) {
    while (store && store->bodies) {
        struct case_body *body = store->bodies;
        store->bodies = body->next;
        case_body_free(body);
    }
    for (size_t i = 0; store && i < store->document_count; i++) {
        document_release(&store->documents[i]);
    }
    if (store) {
        free(store->documents);
        free(store->requirements_by_id);
        free(store->cases_by_id);
    }
    free(store);
}

void suite_free(struct suite *suite) {
    if (!suite) {
        return;
    }
    for (size_t i = 0; i < suite->case_count; i++) {
        free(suite->cases[i].id);
    }
    store_free(suite->store);
    free(suite->cases);
    free(suite->requirements);
    free(suite->directory);
    free(suite);
}
