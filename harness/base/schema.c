#include "harness/base/schema.h"

#include "harness/base/schema_tree.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

/* Makes the nodes of all definitions, still empty, so that references may lead forwards and in circles. */
static enum hp_status declare_definitions(struct compiler *compiler, const json_t *definitions) {
    const char *name;
    json_t *source;
    compiler->definitions = calloc(json_object_size(definitions) + 1, sizeof *compiler->definitions);
    if (!compiler->definitions) {
        return hp_problem_no_memory(compiler->problem);
    }
    json_object_foreach((json_t *)definitions, name, source) {
        struct schema_node *node = schema_node_new(compiler->schema, source);
        if (!node) {
            return hp_problem_no_memory(compiler->problem);
        }
        compiler->definitions[compiler->definition_count++] = (struct definition){name, node};
    }
    return HP_OK;
}

static enum hp_status fill_definitions(struct compiler *compiler) {
    for (size_t i = 0; i < compiler->definition_count; i++) {
        text_clear(&compiler->pointer);
        text_add(&compiler->pointer, "/$defs");
        if (!pointer_add_key(&compiler->pointer, compiler->definitions[i].name)) {
            return hp_problem_no_memory(compiler->problem);
        }
        enum hp_status status = schema_node_fill(compiler, compiler->definitions[i].node);
        if (status != HP_OK) {
            return status;
        }
    }
    text_clear(&compiler->pointer);
    return HP_OK;
}

static bool node_is_circular(struct schema_node *node);

static bool list_is_circular(const struct schema_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        if (node_is_circular(list->nodes[i])) {
            return true;
        }
    }
    return false;
}

/* True when a node applies itself again to the same value: checking would never end. Only keywords that stay
 * at the value count; going down into members ends by itself. */
static bool node_is_circular(struct schema_node *node) {
    if (!node || node->visit == 2) {
        return false;
    }
    if (node->visit == 1) {
        return true;
    }
    node->visit = 1;
    bool circular = node_is_circular(node->reference) || node_is_circular(node->negated) ||
                    node_is_circular(node->condition) || node_is_circular(node->consequence) ||
                    node_is_circular(node->alternative) || list_is_circular(&node->one_of) ||
                    list_is_circular(&node->any_of) || list_is_circular(&node->all_of);
    node->visit = 2;
    return circular;
}

static enum hp_status refuse_circles(struct compiler *compiler) {
    for (struct schema_node *node = compiler->schema->all; node; node = node->next) {
        if (node_is_circular(node)) {
            return schema_refuse(compiler, "references that end", node->source);
        }
    }
    return HP_OK;
}

static enum hp_status compile_all(struct compiler *compiler) {
    struct schema *schema = compiler->schema;
    const json_t *definitions = json_object_get(schema->document, "$defs");
    if (!text_append(&compiler->pointer, "", 0)) {
        return hp_problem_no_memory(compiler->problem);
    }
    schema->root = schema_node_new(schema, schema->document);
    if (!schema->root) {
        return hp_problem_no_memory(compiler->problem);
    }
    if (definitions && !json_is_object(definitions)) {
        return schema_refuse(compiler, "an object of schemas in $defs", definitions);
    }
    enum hp_status status = declare_definitions(compiler, definitions);
    if (status == HP_OK) {
        status = fill_definitions(compiler);
    }
    if (status == HP_OK) {
        status = schema_node_fill(compiler, schema->root);
    }
    return status == HP_OK ? refuse_circles(compiler) : status;
}

enum hp_status schema_compile(json_t *document, struct schema **schema, struct hp_problem *problem) {
    struct compiler compiler = {.problem = problem};
    *schema = NULL;
    compiler.schema = calloc(1, sizeof *compiler.schema);
    if (!compiler.schema) {
        return hp_problem_no_memory(problem);
    }
    compiler.schema->document = json_incref(document);
    enum hp_status status = compile_all(&compiler);
    if (status == HP_OK) {
        *schema = compiler.schema;
    } else {
        schema_free(compiler.schema);
    }
    free(compiler.definitions);
    text_release(&compiler.pointer);
    return status;
}

static void node_free(struct schema_node *node) {
    for (size_t i = 0; i < node->pattern_count; i++) {
        pattern_free(node->patterns[i].pattern);
    }
    pattern_free(node->pattern);
    free(node->patterns);
    free(node->properties);
    free(node->one_of.nodes);
    free(node->any_of.nodes);
    free(node->all_of.nodes);
    free(node);
}

void schema_free(struct schema *schema) {
    if (!schema) {
        return;
    }
    while (schema->all) {
        struct schema_node *node = schema->all;
        schema->all = node->next;
        node_free(node);
    }
    json_decref(schema->document);
    free(schema);
}
