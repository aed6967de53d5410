#include "harness/case/expectation.h"

#include "harness/base/suggest.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

struct builder {
    struct surroundings *surroundings;
    struct hp_problem *problem;
    bool exact;
};

/* Compiles what stands behind a matcher's key. */
typedef enum hp_status form_compiler(struct builder *builder, const json_t *argument,
                                     const struct place *place, struct matcher *matcher);

static enum hp_status compile(struct builder *builder, const json_t *source, const struct place *place,
                              struct matcher *matcher);

static enum hp_status make_children(struct builder *builder, size_t count, struct matcher *matcher) {
    if (count == 0) {
        return HP_OK;
    }
    matcher->children = calloc(count, sizeof *matcher->children);
    matcher->child_count = matcher->children ? count : 0;
    return matcher->children ? HP_OK : hp_problem_no_memory(builder->problem);
}

static enum hp_status compile_one_child(struct builder *builder, const json_t *argument,
                                        const struct place *place, struct matcher *matcher) {
    enum hp_status status = make_children(builder, 1, matcher);
    return status == HP_OK ? compile(builder, argument, place, &matcher->children[0]) : status;
}

static enum hp_status compile_children(struct builder *builder, const json_t *argument,
                                       const struct place *place, struct matcher *matcher) {
    if (!json_is_array(argument)) {
        return place_refuse(place, builder->problem, "expected an array of expectations");
    }
    enum hp_status status = make_children(builder, json_array_size(argument), matcher);
    for (size_t i = 0; status == HP_OK && i < json_array_size(argument); i++) {
        const struct place below = {place, NULL, i};
        status = compile(builder, json_array_get(argument, i), &below, &matcher->children[i]);
    }
    return status;
}

static enum hp_status compile_some_children(struct builder *builder, const json_t *argument,
                                            const struct place *place, struct matcher *matcher) {
    if (json_array_size(argument) == 0) {
        return place_refuse(place, builder->problem, "expected an array of at least one expectation");
    }
    return compile_children(builder, argument, place, matcher);
}

static enum hp_status compile_true(struct builder *builder, const json_t *argument, const struct place *place,
                                   struct matcher *matcher) {
    (void)matcher;
    return json_is_true(argument) ? HP_OK : place_refuse(place, builder->problem, "expected true");
}

static enum hp_status compile_exactly(struct builder *builder, const json_t *argument,
                                      const struct place *place, struct matcher *matcher) {
    const json_t *source = matcher->source;
    bool outer = builder->exact;
    builder->exact = true;
    enum hp_status status = compile(builder, argument, place, matcher);
    builder->exact = outer;
    matcher->source = source;
    return status;
}

static enum hp_status compile_type(struct builder *builder, const json_t *argument, const struct place *place,
                                   struct matcher *matcher) {
    static const char *const types[] = {"string", "integer", "number", "boolean", "object", "array", "null"};
    const char *type = json_string_value(argument);
    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i], type) == 0) {
            matcher->type = types[i];
            return HP_OK;
        }
    }
    return place_refuse(place, builder->problem,
                        "expected string, integer, number, boolean, object, array or null");
}

static enum hp_status compile_pattern(struct builder *builder, const json_t *argument,
                                      const struct place *place, struct matcher *matcher) {
    enum hp_status status = json_is_string(argument)
                                ? pattern_compile(json_string_value(argument), &matcher->pattern)
                                : HP_INVALID;
    if (status == HP_INVALID) {
        return place_refuse(place, builder->problem, "expected a POSIX extended regular expression");
    }
    return status == HP_OK ? HP_OK : hp_problem_no_memory(builder->problem);
}

static enum hp_status compile_between(struct builder *builder, const json_t *argument,
                                      const struct place *place, struct matcher *matcher) {
    const struct place low = {place, NULL, 0};
    const struct place high = {place, NULL, 1};
    if (json_array_size(argument) != 2) {
        return place_refuse(place, builder->problem, "expected [low, high]");
    }
    enum hp_status status = operand_compile(json_array_get(argument, 0), builder->surroundings, &low,
                                            &matcher->operand, builder->problem);
    return status == HP_OK ? operand_compile(json_array_get(argument, 1), builder->surroundings, &high,
                                             &matcher->high, builder->problem)
                           : status;
}

static enum hp_status compile_length(struct builder *builder, const json_t *argument,
                                     const struct place *place, struct matcher *matcher) {
    if (!json_is_integer(argument) && !json_is_string(argument)) {
        return place_refuse(place, builder->problem, "expected a whole number or a bound name");
    }
    return operand_compile(argument, builder->surroundings, place, &matcher->operand, builder->problem);
}

static enum hp_status compile_descending(struct builder *builder, const json_t *argument,
                                         const struct place *place, struct matcher *matcher) {
    matcher->pointer = json_string_value(argument);
    if (matcher->pointer && (matcher->pointer[0] == '/' || matcher->pointer[0] == '\0')) {
        return HP_OK;
    }
    return place_refuse(place, builder->problem, "expected a JSON Pointer into each element, as \"/id\"");
}

/* $at, $instant and $plus are operands as a whole. */
static enum hp_status compile_moment(struct builder *builder, const json_t *argument,
                                     const struct place *place, struct matcher *matcher) {
    (void)argument;
    return operand_compile(matcher->source, builder->surroundings, place->parent, &matcher->operand,
                           builder->problem);
}

static enum hp_status compile_about(struct builder *builder, const json_t *argument,
                                    const struct place *place, struct matcher *matcher) {
    const struct place id = {place, "id", 0};
    const struct place match = {place, "match", 0};
    if (!json_object_get(argument, "id") || !json_object_get(argument, "match") ||
        json_object_size(argument) != 2) {
        return place_refuse(place, builder->problem, "expected {\"id\": \"$name\", \"match\": ...}");
    }
    matcher->operand.kind = OPERAND_BOUND;
    enum hp_status status = reference_compile(json_object_get(argument, "id"), builder->surroundings, &id,
                                              &matcher->operand.reference, builder->problem);
    return status == HP_OK ? compile_one_child(builder, json_object_get(argument, "match"), &match, matcher)
                           : status;
}

static const struct form {
    const char *key;
    enum matcher_kind kind;
    form_compiler *compile;
} forms[] = {
    {"$uuid", MATCH_UUID, compile_true},
    {"$at", MATCH_MOMENT, compile_moment},
    {"$plus", MATCH_MOMENT, compile_moment},
    {"$instant", MATCH_MOMENT, compile_moment},
    {"$exactly", MATCH_LITERAL, compile_exactly},
    {"$absent_or_null", MATCH_NOTHING, compile_true},
    {"$absent", MATCH_ABSENT, compile_true},
    {"$type", MATCH_TYPE, compile_type},
    {"$pattern", MATCH_PATTERN, compile_pattern},
    {"$one_of", MATCH_ONE_OF, compile_some_children},
    {"$not", MATCH_NOT, compile_one_child},
    {"$between", MATCH_BETWEEN, compile_between},
    {"$length", MATCH_LENGTH, compile_length},
    {"$any_order", MATCH_ANY_ORDER, compile_children},
    {"$contains", MATCH_CONTAINS, compile_some_children},
    {"$each", MATCH_EACH, compile_one_child},
    {"$descending", MATCH_DESCENDING, compile_descending},
    {"$own", MATCH_OWN, compile_one_child},
    {"$about", MATCH_ABOUT, compile_about},
};

enum { FORM_COUNT = sizeof forms / sizeof forms[0] };

static enum hp_status refuse_form(struct builder *builder, const char *key, const struct place *place) {
    const char *known[FORM_COUNT + 1] = {"$literal"};
    for (size_t i = 0; i < FORM_COUNT; i++) {
        known[i + 1] = forms[i].key;
    }
    const char *nearest = suggest_nearest(key, known, FORM_COUNT + 1);
    nearest = nearest && strcmp(nearest, key) == 0 ? NULL : nearest;
    return place_refuse(place, builder->problem,
                        "%s is no matcher, or does not stand alone in its object%s%s%s", key,
                        nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

static enum hp_status compile_template(struct builder *builder, const json_t *source,
                                       const struct place *place, struct matcher *matcher) {
    matcher->kind = MATCH_TEMPLATE;
    return template_compile(source, builder->surroundings, place, false, &matcher->template,
                            builder->problem);
}

static enum hp_status compile_members(struct builder *builder, const json_t *source,
                                      const struct place *place, struct matcher *matcher) {
    const char *key;
    json_t *member;
    size_t at = 0;
    matcher->kind = MATCH_OBJECT;
    if (json_object_size(source) == 0 && !builder->exact) {
        return place_refuse(place, builder->problem,
                            "{} matches every object; write {\"$exactly\": {}} or {\"$type\": \"object\"}");
    }
    enum hp_status status = make_children(builder, json_object_size(source), matcher);
    json_object_foreach((json_t *)source, key, member) {
        const struct place below = {place, key, 0};
        if (status == HP_OK && key[0] == '$') {
            status = refuse_form(builder, key, &below);
        }
        if (status != HP_OK) {
            break;
        }
        matcher->children[at].key = key;
        status = compile(builder, member, &below, &matcher->children[at++]);
    }
    return status;
}

static enum hp_status compile_object(struct builder *builder, const json_t *source, const struct place *place,
                                     struct matcher *matcher) {
    if (template_is_generator(source)) {
        return compile_template(builder, source, place, matcher);
    }
    for (size_t i = 0; json_object_size(source) == 1 && i < FORM_COUNT; i++) {
        const json_t *argument = json_object_get(source, forms[i].key);
        const struct place below = {place, forms[i].key, 0};
        if (argument) {
            matcher->kind = forms[i].kind;
            return forms[i].compile(builder, argument, &below, matcher);
        }
    }
    if (json_object_size(source) == 1 && json_object_get(source, "$literal")) {
        matcher->kind = MATCH_LITERAL;
        matcher->literal = json_object_get(source, "$literal");
        return HP_OK;
    }
    return compile_members(builder, source, place, matcher);
}

static enum hp_status compile_string(struct builder *builder, const json_t *source, const struct place *place,
                                     struct matcher *matcher) {
    const char *text = json_string_value(source);
    if (text[0] == '$' && text[1] != '$') {
        matcher->kind = MATCH_BOUND;
        matcher->operand.kind = OPERAND_BOUND;
        return reference_compile(source, builder->surroundings, place, &matcher->operand.reference,
                                 builder->problem);
    }
    enum hp_status status = compile_template(builder, source, place, matcher);
    if (status == HP_OK && text[0] != '$' && template_is_constant(matcher->template)) {
        matcher->kind = MATCH_LITERAL;
        template_free(matcher->template);
        matcher->template = NULL;
    }
    return status;
}

static enum hp_status compile(struct builder *builder, const json_t *source, const struct place *place,
                              struct matcher *matcher) {
    matcher->source = source;
    matcher->literal = source;
    matcher->exact = builder->exact;
    switch (json_typeof(source)) {
    case JSON_OBJECT:
        return compile_object(builder, source, place, matcher);
    case JSON_ARRAY:
        matcher->kind = MATCH_ARRAY;
        return compile_children(builder, source, place, matcher);
    case JSON_STRING:
        return compile_string(builder, source, place, matcher);
    case JSON_NULL:
        /* A reader takes an omitted member as null; only what is compared exactly has to be there. */
        matcher->kind = builder->exact ? MATCH_LITERAL : MATCH_NOTHING;
        return HP_OK;
    default:
        matcher->kind = MATCH_LITERAL;
        return HP_OK;
    }
}

static void matcher_release(struct matcher *matcher) {
    for (size_t i = 0; i < matcher->child_count; i++) {
        matcher_release(&matcher->children[i]);
    }
    free(matcher->children);
    template_free(matcher->template);
    pattern_free(matcher->pattern);
}

enum hp_status expectation_compile(const json_t *source, struct surroundings *surroundings,
                                   const struct place *place, struct matcher **matcher,
                                   struct hp_problem *problem) {
    struct builder builder = {surroundings, problem, false};
    *matcher = calloc(1, sizeof **matcher);
    if (!*matcher) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = compile(&builder, source, place, *matcher);
    if (status != HP_OK) {
        expectation_free(*matcher);
        *matcher = NULL;
        return status;
    }
    return HP_OK;
}

void expectation_free(struct matcher *matcher) {
    if (matcher) {
        matcher_release(matcher);
        free(matcher);
    }
}
