/* The compiled form of a schema: private to schema.c and schema_compile.c, which build it, and
 * schema_check.c, which applies it. */
#ifndef HOLDPOINT_HARNESS_BASE_SCHEMA_TREE_H
#define HOLDPOINT_HARNESS_BASE_SCHEMA_TREE_H

#include "harness/base/pattern.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Bits of the types that a node allows. */
enum schema_type {
    TYPE_NULL = 1,
    TYPE_BOOLEAN = 2,
    TYPE_INTEGER = 4,
    TYPE_NUMBER = 8,
    TYPE_STRING = 16,
    TYPE_ARRAY = 32,
    TYPE_OBJECT = 64
};

struct schema_node;

/* A member's schema, and whether the member must be there. */
struct schema_property {
    const char *key;          /* borrowed from the document */
    struct schema_node *node; /* NULL: any value (a key that is only required) */
    bool required;
};

/* A schema for the keys that a pattern finds. */
struct schema_pattern {
    struct pattern *pattern;
    struct schema_node *node;
};

/* A list of nodes: oneOf, anyOf, allOf. */
struct schema_list {
    struct schema_node **nodes;
    size_t count;
};

/* One schema. Absent keywords are NULL, 0, or SIZE_MAX for the greatest counts. */
struct schema_node {
    struct schema_node *next; /* all nodes of a schema, to free them */
    const json_t *source;     /* borrowed from the document */
    bool never;               /* the schema `false` */
    unsigned types;           /* 0: any */
    const json_t *enumeration, *constant;
    const json_t *minimum, *maximum, *exclusive_minimum, *exclusive_maximum;
    size_t min_length, max_length, min_items, max_items, min_properties, max_properties;
    bool unique_items;
    struct pattern *pattern;
    const char *pattern_text;
    struct schema_property *properties;
    size_t property_count;
    struct schema_pattern *patterns;
    size_t pattern_count;
    struct schema_node *additional, *property_names, *items;
    struct schema_list one_of, any_of, all_of;
    struct schema_node *negated, *condition, *consequence, *alternative, *reference;
    int visit; /* while cycles are looked for: 0 unseen, 1 under way, 2 done */
};

struct schema {
    json_t *document;
    struct schema_node *root;
    struct schema_node *all;
};

/* Definitions by name, so that every $ref to one leads to the same node. */
struct definition {
    const char *name;
    struct schema_node *node;
};

struct compiler {
    struct schema *schema;
    struct definition *definitions;
    size_t definition_count;
    struct text pointer; /* where in the document the compiler stands */
    size_t depth;
    struct hp_problem *problem;
};

/* Compiles the schema at the compiler's place into a node of the compiler's schema. */
enum hp_status schema_node_compile(struct compiler *compiler, const json_t *source,
                                   struct schema_node **node);

/* The two halves of it, for nodes that others refer to before they are filled. NULL when memory runs out. */
struct schema_node *schema_node_new(struct schema *schema, const json_t *source);
enum hp_status schema_node_fill(struct compiler *compiler, struct schema_node *node);

/* Records "expected ..., got ..." at the compiler's place, and returns HP_INVALID. */
enum hp_status schema_refuse(struct compiler *compiler, const char *expected, const json_t *got);

#endif
