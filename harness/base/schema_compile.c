#include "harness/base/schema.h"

#include "harness/base/schema_tree.h"
#include "harness/base/suggest.h"
#include "harness/base/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA_DEPTH_MAX = 200 };

typedef enum hp_status keyword_reader(struct compiler *compiler, struct schema_node *node,
                                      const json_t *value);

enum hp_status schema_refuse(struct compiler *compiler, const char *expected, const json_t *got) {
    if (compiler->pointer.failed) {
        return hp_problem_no_memory(compiler->problem);
    }
    char *shown = value_show(got, 60);
    enum hp_status status = shown ? hp_problem_set(compiler->problem, HP_INVALID, compiler->pointer.bytes,
                                                   "expected %s, got %s", expected, shown)
                                  : hp_problem_no_memory(compiler->problem);
    free(shown);
    return status;
}

static void pointer_cut(struct text *pointer, size_t length_bytes) {
    pointer->length_bytes = length_bytes;
    pointer->bytes[length_bytes] = '\0';
}

/* Compiles the schema that stands under a key or, with key NULL, at an index below the current place. */
static enum hp_status compile_below(struct compiler *compiler, const char *key, size_t index,
                                    const json_t *source, struct schema_node **node) {
    size_t length_bytes = compiler->pointer.length_bytes;
    bool added =
        key ? pointer_add_key(&compiler->pointer, key) : pointer_add_index(&compiler->pointer, index);
    if (!added) {
        return hp_problem_no_memory(compiler->problem);
    }
    enum hp_status status = schema_node_compile(compiler, source, node);
    pointer_cut(&compiler->pointer, length_bytes);
    return status;
}

static enum hp_status read_type_name(struct compiler *compiler, const json_t *value, unsigned *types) {
    static const struct {
        const char *name;
        unsigned bits;
    } names[] = {{"null", TYPE_NULL},       {"boolean", TYPE_BOOLEAN},
                 {"integer", TYPE_INTEGER}, {"number", TYPE_NUMBER | TYPE_INTEGER},
                 {"string", TYPE_STRING},   {"array", TYPE_ARRAY},
                 {"object", TYPE_OBJECT}};
    const char *name = json_string_value(value);
    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].name, name) == 0) {
            *types |= names[i].bits;
            return HP_OK;
        }
    }
    return schema_refuse(compiler, "the name of a JSON type", value);
}

static enum hp_status read_type(struct compiler *compiler, struct schema_node *node, const json_t *value) {
    if (!json_is_array(value)) {
        return read_type_name(compiler, value, &node->types);
    }
    enum hp_status status =
        json_array_size(value) ? HP_OK : schema_refuse(compiler, "at least one type", value);
    for (size_t i = 0; status == HP_OK && i < json_array_size(value); i++) {
        status = read_type_name(compiler, json_array_get(value, i), &node->types);
    }
    return status;
}

static enum hp_status read_enum(struct compiler *compiler, struct schema_node *node, const json_t *value) {
    node->enumeration = value;
    return json_array_size(value) ? HP_OK : schema_refuse(compiler, "an array of at least one value", value);
}

static enum hp_status read_const(struct compiler *compiler, struct schema_node *node, const json_t *value) {
    (void)compiler;
    node->constant = value;
    return HP_OK;
}

static enum hp_status read_count(struct compiler *compiler, const json_t *value, size_t *count) {
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        return schema_refuse(compiler, "an integer from 0 on", value);
    }
    *count = (size_t)json_integer_value(value);
    return HP_OK;
}

static enum hp_status read_number(struct compiler *compiler, const json_t *value, const json_t **number) {
    *number = value;
    return json_is_number(value) ? HP_OK : schema_refuse(compiler, "a number", value);
}

/* One reader for each keyword that is a count, a bound, a schema or a list of schemas. */
#define COUNT_READER(field)                                                                                  \
    static enum hp_status read_##field(struct compiler *compiler, struct schema_node *node,                  \
                                       const json_t *value) {                                                \
        return read_count(compiler, value, &node->field);                                                    \
    }
COUNT_READER(min_length)
COUNT_READER(max_length)
COUNT_READER(min_items)
COUNT_READER(max_items)
COUNT_READER(min_properties)
COUNT_READER(max_properties)

#define NUMBER_READER(field)                                                                                 \
    static enum hp_status read_##field(struct compiler *compiler, struct schema_node *node,                  \
                                       const json_t *value) {                                                \
        return read_number(compiler, value, &node->field);                                                   \
    }
NUMBER_READER(minimum)
NUMBER_READER(maximum)
NUMBER_READER(exclusive_minimum)
NUMBER_READER(exclusive_maximum)

#define SCHEMA_READER(field)                                                                                 \
    static enum hp_status read_##field(struct compiler *compiler, struct schema_node *node,                  \
                                       const json_t *value) {                                                \
        return schema_node_compile(compiler, value, &node->field);                                           \
    }
SCHEMA_READER(additional)
SCHEMA_READER(property_names)
SCHEMA_READER(items)
SCHEMA_READER(negated)
SCHEMA_READER(condition)
SCHEMA_READER(consequence)
SCHEMA_READER(alternative)

static enum hp_status read_list(struct compiler *compiler, const json_t *value, struct schema_list *list) {
    size_t count = json_array_size(value);
    if (count == 0) {
        return schema_refuse(compiler, "an array of at least one schema", value);
    }
    list->nodes = calloc(count, sizeof(struct schema_node *));
    if (!list->nodes) {
        return hp_problem_no_memory(compiler->problem);
    }
    list->count = count;
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        status = compile_below(compiler, NULL, i, json_array_get(value, i), &list->nodes[i]);
    }
    return status;
}

#define LIST_READER(field)                                                                                   \
    static enum hp_status read_##field(struct compiler *compiler, struct schema_node *node,                  \
                                       const json_t *value) {                                                \
        return read_list(compiler, value, &node->field);                                                     \
    }
LIST_READER(one_of)
LIST_READER(any_of)
LIST_READER(all_of)

static enum hp_status read_unique_items(struct compiler *compiler, struct schema_node *node,
                                        const json_t *value) {
    node->unique_items = json_is_true(value);
    return json_is_boolean(value) ? HP_OK : schema_refuse(compiler, "a boolean", value);
}

static enum hp_status compile_expression(struct compiler *compiler, const json_t *shown, const char *text,
                                         struct pattern **pattern) {
    enum hp_status status = pattern_compile(text, pattern);
    if (status == HP_INVALID) {
        return schema_refuse(compiler, "a POSIX extended regular expression", shown);
    }
    return status == HP_OK ? HP_OK : hp_problem_no_memory(compiler->problem);
}

static enum hp_status read_pattern(struct compiler *compiler, struct schema_node *node, const json_t *value) {
    node->pattern_text = json_string_value(value);
    return node->pattern_text ? compile_expression(compiler, value, node->pattern_text, &node->pattern)
                              : schema_refuse(compiler, "a pattern", value);
}

/* The property of that key; made when there is none yet. NULL when memory runs out. */
static struct schema_property *property_of(struct schema_node *node, const char *key) {
    for (size_t i = 0; i < node->property_count; i++) {
        if (strcmp(node->properties[i].key, key) == 0) {
            return &node->properties[i];
        }
    }
    struct schema_property *properties =
        realloc(node->properties, (node->property_count + 1) * sizeof *properties);
    if (!properties) {
        return NULL;
    }
    node->properties = properties;
    properties[node->property_count] = (struct schema_property){.key = key};
    return &properties[node->property_count++];
}

static enum hp_status read_required(struct compiler *compiler, struct schema_node *node,
                                    const json_t *value) {
    if (!json_is_array(value)) {
        return schema_refuse(compiler, "an array of keys", value);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *key = json_string_value(json_array_get(value, i));
        if (!key) {
            return schema_refuse(compiler, "an array of keys", value);
        }
        struct schema_property *property = property_of(node, key);
        if (!property) {
            return hp_problem_no_memory(compiler->problem);
        }
        property->required = true;
    }
    return HP_OK;
}

static enum hp_status read_properties(struct compiler *compiler, struct schema_node *node,
                                      const json_t *value) {
    const char *key;
    json_t *member;
    if (!json_is_object(value)) {
        return schema_refuse(compiler, "an object of schemas", value);
    }
    json_object_foreach((json_t *)value, key, member) {
        struct schema_node *compiled = NULL;
        enum hp_status status = compile_below(compiler, key, 0, member, &compiled);
        struct schema_property *property = status == HP_OK ? property_of(node, key) : NULL;
        if (!property) {
            return status == HP_OK ? hp_problem_no_memory(compiler->problem) : status;
        }
        property->node = compiled;
    }
    return HP_OK;
}

static enum hp_status read_pattern_properties(struct compiler *compiler, struct schema_node *node,
                                              const json_t *value) {
    const char *key;
    json_t *member;
    if (!json_is_object(value)) {
        return schema_refuse(compiler, "an object of schemas", value);
    }
    node->patterns = calloc(json_object_size(value) + 1, sizeof *node->patterns);
    if (!node->patterns) {
        return hp_problem_no_memory(compiler->problem);
    }
    json_object_foreach((json_t *)value, key, member) {
        struct schema_pattern *pattern = &node->patterns[node->pattern_count];
        enum hp_status status = compile_below(compiler, key, 0, member, &pattern->node);
        if (status == HP_OK) {
            status = compile_expression(compiler, value, key, &pattern->pattern);
        }
        if (status != HP_OK) {
            return status;
        }
        node->pattern_count++;
    }
    return HP_OK;
}

static enum hp_status read_reference(struct compiler *compiler, struct schema_node *node,
                                     const json_t *value) {
    static const char prefix[] = "#/$defs/";
    const char *target = json_string_value(value);
    if (target && strcmp(target, "#") == 0) {
        node->reference = compiler->schema->root;
        return HP_OK;
    }
    for (size_t i = 0; target && i < compiler->definition_count; i++) {
        if (strncmp(target, prefix, sizeof prefix - 1) == 0 &&
            strcmp(target + sizeof prefix - 1, compiler->definitions[i].name) == 0) {
            node->reference = compiler->definitions[i].node;
            return HP_OK;
        }
    }
    return schema_refuse(compiler, "\"#\" or \"#/$defs/NAME\" of a definition at the top", value);
}

static enum hp_status read_annotation(struct compiler *compiler, struct schema_node *node,
                                      const json_t *value) {
    (void)compiler, (void)node, (void)value;
    return HP_OK;
}

/* Definitions are compiled before everything else, from the top only. */
static enum hp_status read_definitions(struct compiler *compiler, struct schema_node *node,
                                       const json_t *value) {
    return node == compiler->schema->root ? HP_OK : schema_refuse(compiler, "$defs at the top only", value);
}

static const struct keyword {
    const char *name;
    keyword_reader *read;
} keywords[] = {
    {"type", read_type},
    {"properties", read_properties},
    {"required", read_required},
    {"additionalProperties", read_additional},
    {"items", read_items},
    {"enum", read_enum},
    {"const", read_const},
    {"pattern", read_pattern},
    {"$ref", read_reference},
    {"minLength", read_min_length},
    {"maxLength", read_max_length},
    {"minItems", read_min_items},
    {"maxItems", read_max_items},
    {"uniqueItems", read_unique_items},
    {"minProperties", read_min_properties},
    {"maxProperties", read_max_properties},
    {"propertyNames", read_property_names},
    {"patternProperties", read_pattern_properties},
    {"minimum", read_minimum},
    {"maximum", read_maximum},
    {"exclusiveMinimum", read_exclusive_minimum},
    {"exclusiveMaximum", read_exclusive_maximum},
    {"oneOf", read_one_of},
    {"anyOf", read_any_of},
    {"allOf", read_all_of},
    {"not", read_negated},
    {"if", read_condition},
    {"then", read_consequence},
    {"else", read_alternative},
    {"$defs", read_definitions},
    {"$schema", read_annotation},
    {"$id", read_annotation},
    {"title", read_annotation},
    {"description", read_annotation},
    {"examples", read_annotation},
    {"default", read_annotation},
    {"$comment", read_annotation},
};

enum { KEYWORD_COUNT = sizeof keywords / sizeof keywords[0] };

static enum hp_status refuse_keyword(struct compiler *compiler, const char *key) {
    const char *known[KEYWORD_COUNT];
    for (size_t i = 0; i < KEYWORD_COUNT; i++) {
        known[i] = keywords[i].name;
    }
    const char *nearest = suggest_nearest(key, known, KEYWORD_COUNT);
    return hp_problem_set(compiler->problem, HP_INVALID, compiler->pointer.bytes,
                          "expected a keyword of the subset, got \"%s\"%s%s%s", key,
                          nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static enum hp_status read_keyword(struct compiler *compiler, struct schema_node *node, const char *key,
                                   const json_t *value) {
    size_t length_bytes = compiler->pointer.length_bytes;
    if (!pointer_add_key(&compiler->pointer, key)) {
        return hp_problem_no_memory(compiler->problem);
    }
    size_t i = 0;
    while (i < KEYWORD_COUNT && strcmp(keywords[i].name, key) != 0) {
        i++;
    }
    enum hp_status status =
        i < KEYWORD_COUNT ? keywords[i].read(compiler, node, value) : refuse_keyword(compiler, key);
    pointer_cut(&compiler->pointer, length_bytes);
    return status;
}

struct schema_node *schema_node_new(struct schema *schema, const json_t *source) {
    struct schema_node *node = calloc(1, sizeof *node);
    if (node) {
        node->source = source;
        node->max_length = node->max_items = node->max_properties = SIZE_MAX;
        node->next = schema->all;
        schema->all = node;
    }
    return node;
}

enum hp_status schema_node_fill(struct compiler *compiler, struct schema_node *node) {
    const char *key;
    json_t *value;
    if (json_is_boolean(node->source)) {
        node->never = json_is_false(node->source);
        return HP_OK;
    }
    if (!json_is_object(node->source) || compiler->depth == SCHEMA_DEPTH_MAX) {
        return schema_refuse(compiler, "a schema: an object or a boolean, at most 200 levels deep",
                             node->source);
    }
    compiler->depth++;
    json_object_foreach((json_t *)node->source, key, value) {
        enum hp_status status = read_keyword(compiler, node, key, value);
        if (status != HP_OK) {
            return status;
        }
    }
    compiler->depth--;
    return HP_OK;
}

enum hp_status schema_node_compile(struct compiler *compiler, const json_t *source,
                                   struct schema_node **node) {
    *node = schema_node_new(compiler->schema, source);
    return *node ? schema_node_fill(compiler, *node) : hp_problem_no_memory(compiler->problem);
}
