#include "harness/adapters/mutants.h"

#include "harness/adapters/mutant_change.h"
#include "harness/adapters/mutant_store.h"
#include "harness/base/document.h"
#include "harness/base/folder.h"
#include "reference/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 64, POINTER_SIZE = 128 };

static const char *const where_names[] = {"adapter", "http", "webhook", "store", "database"};

const char *mutant_where_name(enum mutant_where where) {
    return where_names[where];
}

static enum mutant_where where_from_name(const char *name) {
    int where = MUTANT_ADAPTER;
    while (where < MUTANT_DATABASE && strcmp(name, where_names[where]) != 0) {
        where++;
    }
    return (enum mutant_where)where;
}

/* A text of the template with "{name}" replaced by the row's text of that name. NULL when memory runs out. */
static json_t *fill_text(const char *bytes, const json_t *row) {
    json_t *filled = json_string(bytes);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)row, name, value) {
        char hole[NAME_SIZE];
        snprintf(hole, sizeof hole, "{%s}", name);
        if (!filled || !json_is_string(value) || !strstr(json_string_value(filled), hole)) {
            continue;
        }
        json_t *change = json_pack("{s:[s, O]}", "replace", hole, value);
        json_t *next = change ? value_changed(change, filled) : NULL;
        json_decref(change);
        json_decref(filled);
        filled = next;
    }
    return filled;
}

static json_t *fill(const json_t *template, const json_t *row);

static json_t *fill_object(const json_t *object, const json_t *row) {
    json_t *made = json_object();
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)object, key, member) {
        json_t *name = fill_text(key, row);
        if (!made || !name || json_object_set_new(made, json_string_value(name), fill(member, row)) != 0) {
            json_decref(made);
            made = NULL;
        }
        json_decref(name);
    }
    return made;
}

static json_t *fill_list(const json_t *list, const json_t *row) {
    json_t *made = json_array();
    for (size_t i = 0; made && i < json_array_size(list); i++) {
        if (json_array_append_new(made, fill(json_array_get(list, i), row)) != 0) {
            json_decref(made);
            made = NULL;
        }
    }
    return made;
}

/* A copy of the template in which the row's values stand: "$name" as a whole text is the value, "{name}" in a
 * text or key is its text. NULL when memory runs out. */
static json_t *fill(const json_t *template, const json_t *row) {
    if (json_is_object(template)) {
        return fill_object(template, row);
    }
    if (json_is_array(template)) {
        return fill_list(template, row);
    }
    if (!json_is_string(template)) {
        return json_deep_copy(template);
    }
    const char *text = json_string_value(template);
    const json_t *bound = text[0] == '$' ? json_object_get(row, text + 1) : NULL;
    return bound ? json_deep_copy(bound) : fill_text(text, row);
}

static const char *text_of(const json_t *source, const char *key) {
    return json_string_value(json_object_get(source, key));
}

/* A catalogue while it is read. */
struct catalogue {
    struct mutants *mutants;
    struct document document;
    struct schema *schema;
    char pointer[POINTER_SIZE]; /* to the mutant or row that is read */
    struct hp_problem *problem;
};

/* Room for one more, zeroed; NULL when memory runs out. */
static struct mutant *add_room(struct mutants *mutants) {
    struct mutant *items = realloc(mutants->items, (mutants->count + 1) * sizeof *items);
    if (!items) {
        return NULL;
    }
    mutants->items = items;
    items[mutants->count] = (struct mutant){0};
    return &items[mutants->count];
}

/* "id" or "id.row" for the caller to free; NULL when memory runs out. */
static char *make_id(const char *id, const char *row) {
    struct text text = {0};
    text_addf(&text, "%s%s%s", id, row ? "." : "", row ? row : "");
    return text_take(&text);
}

/* Appends what the template comes to with a row; name is NULL without rows. */
static enum hp_status add_mutant(struct catalogue *catalogue, const json_t *template, const char *name,
                                 const json_t *row) {
    struct mutants *mutants = catalogue->mutants;
    struct mutant *mutant = add_room(mutants);
    json_t *filled = fill(template, row);
    json_object_del(filled, "rows");
    if (!mutant || !filled || json_array_append_new(mutants->rows, filled) != 0) {
        return hp_problem_no_memory(catalogue->problem);
    }
    *mutant = (struct mutant){
        .id = make_id(text_of(filled, "id"), name),
        .requirement = text_of(filled, "requirement"),
        .sentence = text_of(filled, "sentence"),
        .suffers = text_of(filled, "suffers"),
        .findings = json_object_get(filled, "findings"),
        .where = where_from_name(text_of(filled, "where")),
        .on_postgres = json_object_get(filled, "base") != NULL,
        .chapter = json_object_get(filled, "chapter"),
        .fault = json_object_get(filled, "fault"),
        .store = text_of(filled, "store"),
        .sql = json_object_get(filled, "sql"),
    };
    mutants->count++;
    return mutant->id ? HP_OK : hp_problem_no_memory(catalogue->problem);
}

/* The first text in which a name stands that no row binds; NULL when there is none. */
static const char *find_unbound(const json_t *value) {
    const char *key, *unbound = NULL;
    json_t *child;
    size_t index;
    const char *text = json_string_value(value);
    if (text && text[0] == '$' && islower((unsigned char)text[1])) {
        return text;
    }
    json_object_foreach((json_t *)value, key, child) {
        unbound = unbound ? unbound : find_unbound(child);
    }
    json_array_foreach(value, index, child) {
        unbound = unbound ? unbound : find_unbound(child);
    }
    return unbound;
}

/* What a row made of its template must be a mutant as one that was written out. */
static enum hp_status check_filled(struct catalogue *catalogue, const struct mutant *added, json_t *filled) {
    struct hp_problem fault = {0};
    const char *unbound = find_unbound(filled);
    if (unbound) {
        return document_fault(&catalogue->document, catalogue->pointer, catalogue->problem,
                              "the mutant %s: no row binds \"%s\"", added->id, unbound);
    }
    json_t *whole = json_pack("{s:[O]}", "mutants", filled);
    enum hp_status status = whole ? schema_check(catalogue->schema, whole, &fault) : HP_INTERNAL;
    json_decref(whole);
    if (status == HP_INTERNAL) {
        return hp_problem_no_memory(catalogue->problem);
    }
    return status == HP_OK ? HP_OK
                           : document_fault(&catalogue->document, catalogue->pointer, catalogue->problem,
                                            "the mutant %s, with its row: at %s: %s", added->id, fault.field,
                                            fault.detail);
}

/* What the schema cannot say of the file of one that was just added. */
static enum hp_status check_mutant(struct catalogue *catalogue) {
    const struct mutants *mutants = catalogue->mutants;
    const struct mutant *added = &mutants->items[mutants->count - 1];
    if (mutants_find(mutants, added->id) != added) {
        return document_fault(&catalogue->document, catalogue->pointer, catalogue->problem,
                              "the mutant %s is there twice", added->id);
    }
    if (added->store && !mutant_store_is_known(added->store)) {
        return document_fault(&catalogue->document, catalogue->pointer, catalogue->problem,
                              "the mutant %s: there is no fault \"%s\" of the store", added->id,
                              added->store);
    }
    return check_filled(catalogue, added, json_array_get(mutants->rows, mutants->count - 1));
}

static enum hp_status check_row(struct catalogue *catalogue, const json_t *first, const json_t *row) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)first, name, value) {
        if (!json_object_get(row, name)) {
            return document_fault(&catalogue->document, catalogue->pointer, catalogue->problem,
                                  "this row does not bind \"%s\" as the first does", name);
        }
    }
    return json_object_size(first) == json_object_size(row)
               ? HP_OK
               : document_fault(&catalogue->document, catalogue->pointer, catalogue->problem,
                                "this row binds more than the first one");
}

static enum hp_status add_rows(struct catalogue *catalogue, size_t at) {
    const json_t *template = json_array_get(json_object_get(catalogue->document.root, "mutants"), at);
    const json_t *rows = json_object_get(template, "rows");
    const json_t *first = json_object_iter_value(json_object_iter((json_t *)rows));
    const char *name;
    json_t *row;
    enum hp_status status = HP_OK;
    snprintf(catalogue->pointer, sizeof catalogue->pointer, "/mutants/%zu/id", at);
    if (!rows) {
        status = add_mutant(catalogue, template, NULL, NULL);
        return status == HP_OK ? check_mutant(catalogue) : status;
    }
    json_object_foreach((json_t *)rows, name, row) {
        snprintf(catalogue->pointer, sizeof catalogue->pointer, "/mutants/%zu/rows/%.64s", at, name);
        status = status == HP_OK ? check_row(catalogue, first, row) : status;
        status = status == HP_OK ? add_mutant(catalogue, template, name, row) : status;
        status = status == HP_OK ? check_mutant(catalogue) : status;
    }
    return status;
}

static enum hp_status add_all(struct catalogue *catalogue) {
    struct mutants *mutants = catalogue->mutants;
    size_t count = json_array_size(json_object_get(catalogue->document.root, "mutants"));
    enum hp_status status = HP_OK;
    mutants->root = json_incref(catalogue->document.root);
    mutants->rows = json_array();
    mutants->unreached = json_object_get(mutants->root, "unreached");
    if (!mutants->rows) {
        return hp_problem_no_memory(catalogue->problem);
    }
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        status = add_rows(catalogue, i);
    }
    return status;
}

static enum hp_status read_checked(struct catalogue *catalogue, const char *directory) {
    struct hp_problem *problem = catalogue->problem;
    char *path = path_join(directory, "mutants.json");
    char *schema_path = path_join(directory, "schema/mutants.json");
    enum hp_status status = path && schema_path ? HP_OK : hp_problem_no_memory(problem);
    status = status == HP_OK ? document_read_schema(schema_path, &catalogue->schema, problem) : status;
    status = status == HP_OK ? document_read_regular(path, &catalogue->document, problem) : status;
    status = status == HP_OK ? document_check(&catalogue->document, catalogue->schema, problem) : status;
    free(schema_path);
    free(path);
    return status;
}

enum hp_status mutants_load(const char *directory, struct mutants **mutants, struct hp_problem *problem) {
    struct catalogue catalogue = {.mutants = calloc(1, sizeof **mutants), .problem = problem};
    enum hp_status status =
        catalogue.mutants ? read_checked(&catalogue, directory) : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = add_all(&catalogue);
    }
    schema_free(catalogue.schema);
    document_release(&catalogue.document);
    if (status != HP_OK) {
        mutants_free(catalogue.mutants);
        return status;
    }
    *mutants = catalogue.mutants;
    return HP_OK;
}

void mutants_free(struct mutants *mutants) {
    if (!mutants) {
        return;
    }
    for (size_t i = 0; i < mutants->count; i++) {
        free(mutants->items[i].id);
    }
    free(mutants->items);
    json_decref(mutants->rows);
    json_decref(mutants->root);
    free(mutants);
}

const struct mutant *mutants_find(const struct mutants *mutants, const char *id) {
    for (size_t i = 0; i < mutants->count; i++) {
        if (strcmp(mutants->items[i].id, id) == 0) {
            return &mutants->items[i];
        }
    }
    return NULL;
}
