#include "harness/drift/vocabulary.h"

#include "harness/base/document.h"
#include "harness/base/folder.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_COUNT = 2 };

struct vocabulary_store {
    char *fixtures;
    struct document documents[FILE_COUNT];
};

bool words_hold(const struct words *words, const char *word) {
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->items[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* The members of a list of texts or, where a key is given, of that member of its objects. */
static bool read_words(struct words *words, const json_t *list, const char *key) {
    words->items = calloc(json_array_size(list) + 1, sizeof *words->items);
    for (size_t i = 0; words->items && i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        words->items[words->count++] = key ? text_of(item, key) : json_string_value(item);
    }
    return words->items != NULL;
}

static bool read_pairs(struct word_pairs *pairs, const json_t *object) {
    const char *name;
    json_t *value;
    pairs->items = calloc(json_object_size(object) + 1, sizeof *pairs->items);
    if (pairs->items) {
        json_object_foreach((json_t *)object, name, value) {
            pairs->items[pairs->count++] = (struct word_pair){name, json_string_value(value)};
        }
    }
    return pairs->items != NULL;
}

static bool read_final(struct vocabulary *vocabulary, const json_t *statuses) {
    struct words *words = &vocabulary->final_statuses;
    words->items = calloc(json_array_size(statuses) + 1, sizeof *words->items);
    for (size_t i = 0; words->items && i < json_array_size(statuses); i++) {
        const json_t *status = json_array_get(statuses, i);
        if (json_is_true(json_object_get(status, "final"))) {
            words->items[words->count++] = text_of(status, "name");
        }
    }
    return words->items != NULL;
}

static bool read_vocabulary(struct vocabulary *vocabulary, const json_t *root) {
    const json_t *statuses = json_object_get(root, "statuses");
    return read_words(&vocabulary->kinds, json_object_get(root, "kinds"), "name") &&
           read_words(&vocabulary->statuses, statuses, "name") && read_final(vocabulary, statuses) &&
           read_words(&vocabulary->decisions, json_object_get(root, "decisions"), NULL) &&
           read_words(&vocabulary->interrupt_fields, json_object_get(root, "interrupt_fields"), "name") &&
           read_words(&vocabulary->response_fields, json_object_get(root, "response_fields"), "name") &&
           read_words(&vocabulary->envelope_fields, json_object_get(root, "envelope_fields"), NULL) &&
           read_words(&vocabulary->legacy_envelope_fields, json_object_get(root, "legacy_envelope_fields"),
                      NULL) &&
           read_pairs(&vocabulary->aliases, json_object_get(root, "aliases")) &&
           read_words(&vocabulary->tables, json_object_get(root, "tables"), NULL) &&
           read_words(&vocabulary->legacy_tables, json_object_get(root, "legacy_tables"), NULL);
}

/* The schema admits these words only, so one is found. */
static size_t find_word(const char *word, const char *const *known) {
    size_t at = 0;
    while (strcmp(word, known[at]) != 0) {
        at++;
    }
    return at;
}

static void read_column(struct wanted_column *column, const json_t *source) {
    static const char *const types[] = {"uuid", "text", "word", "jsonb", "timestamptz"};
    static const char *const defaults[] = {"", "uuid", "object", "now"};
    const char *fallback = text_of(source, "default");
    column->name = text_of(source, "name");
    column->type = (enum column_type)find_word(text_of(source, "type"), types);
    column->nullable = json_is_true(json_object_get(source, "nullable"));
    column->fallback = (enum column_default)find_word(fallback ? fallback : "", defaults);
}

static bool read_columns(struct vocabulary *vocabulary, const json_t *list) {
    vocabulary->columns = calloc(json_array_size(list) + 1, sizeof *vocabulary->columns);
    for (size_t i = 0; vocabulary->columns && i < json_array_size(list); i++) {
        read_column(&vocabulary->columns[vocabulary->column_count++], json_array_get(list, i));
    }
    return vocabulary->columns != NULL;
}

static bool read_indexes(struct vocabulary *vocabulary, const json_t *list) {
    vocabulary->indexes = calloc(json_array_size(list) + 1, sizeof *vocabulary->indexes);
    bool complete = vocabulary->indexes != NULL;
    for (size_t i = 0; complete && i < json_array_size(list); i++) {
        const json_t *source = json_array_get(list, i);
        struct wanted_index *index = &vocabulary->indexes[vocabulary->index_count++];
        index->name = text_of(source, "name");
        complete = read_words(&index->columns, json_object_get(source, "columns"), NULL) &&
                   read_pairs(&index->holds, json_object_get(source, "holds")) &&
                   read_pairs(&index->leaves_out, json_object_get(source, "leaves_out"));
    }
    return complete;
}

static bool read_database(struct vocabulary *vocabulary, const json_t *root) {
    vocabulary->table = text_of(root, "table");
    return read_columns(vocabulary, json_object_get(root, "columns")) &&
           read_words(&vocabulary->primary_key, json_object_get(root, "primary_key"), NULL) &&
           read_indexes(vocabulary, json_object_get(root, "indexes"));
}

/* Holds a document against the schema of that name. */
static enum hp_status check_file(const char *fixtures, const char *name, const struct document *document,
                                 struct hp_problem *problem) {
    struct schema *schema = NULL;
    char *folder = path_join(fixtures, "schema");
    char *rules = folder ? path_join(folder, name) : NULL;
    enum hp_status status =
        rules ? document_read_schema(rules, &schema, problem) : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = document_check(document, schema, problem);
    }
    schema_free(schema);
    free(rules);
    free(folder);
    return status;
}

/* Reads one file and holds it against the schema of its name. */
static enum hp_status read_file(const char *fixtures, const char *name, struct document *document,
                                struct hp_problem *problem) {
    char *path = path_join(fixtures, name);
    enum hp_status status =
        path ? document_read_regular(path, document, problem) : hp_problem_no_memory(problem);
    free(path);
    return status == HP_OK ? check_file(fixtures, name, document, problem) : status;
}

enum hp_status vocabulary_check(const struct vocabulary *vocabulary, const struct document *document,
                                const char *schema, struct hp_problem *problem) {
    return check_file(vocabulary->fixtures, schema, document, problem);
}

static enum hp_status load(const char *fixtures, struct vocabulary *vocabulary, struct hp_problem *problem) {
    struct document *documents = vocabulary->store->documents;
    vocabulary->fixtures = vocabulary->store->fixtures = text_copy(fixtures);
    if (!vocabulary->fixtures) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = read_file(fixtures, "vocabulary.json", &documents[0], problem);
    if (status == HP_OK) {
        status = read_file(fixtures, "database.json", &documents[1], problem);
    }
    if (status == HP_OK &&
        (!read_vocabulary(vocabulary, documents[0].root) || !read_database(vocabulary, documents[1].root))) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}

enum hp_status vocabulary_load(const char *fixtures, struct vocabulary **vocabulary,
                               struct hp_problem *problem) {
    *vocabulary = NULL;
    struct vocabulary *loaded = calloc(1, sizeof *loaded);
    if (!loaded || !(loaded->store = calloc(1, sizeof *loaded->store))) {
        vocabulary_free(loaded);
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = load(fixtures, loaded, problem);
    if (status != HP_OK) {
        vocabulary_free(loaded);
        return status;
    }
    *vocabulary = loaded;
    return HP_OK;
}

static void free_store(struct vocabulary_store *store) {
    for (size_t i = 0; store && i < FILE_COUNT; i++) {
        document_release(&store->documents[i]);
    }
    if (store) {
        free(store->fixtures);
    }
    free(store);
}

void vocabulary_free(struct vocabulary *vocabulary) {
    if (!vocabulary) {
        return;
    }
    for (size_t i = 0; i < vocabulary->index_count; i++) {
        free(vocabulary->indexes[i].columns.items);
        free(vocabulary->indexes[i].holds.items);
        free(vocabulary->indexes[i].leaves_out.items);
    }
    free(vocabulary->indexes);
    free(vocabulary->columns);
    free(vocabulary->kinds.items);
    free(vocabulary->statuses.items);
    free(vocabulary->final_statuses.items);
    free(vocabulary->decisions.items);
    free(vocabulary->interrupt_fields.items);
    free(vocabulary->response_fields.items);
    free(vocabulary->envelope_fields.items);
    free(vocabulary->legacy_envelope_fields.items);
    free(vocabulary->aliases.items);
    free(vocabulary->tables.items);
    free(vocabulary->legacy_tables.items);
    free(vocabulary->primary_key.items);
    free_store(vocabulary->store);
    free(vocabulary);
}
