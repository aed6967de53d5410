#include "harness/base/suggest.h"
#include "harness/base/value.h"
#include "harness/case/expand.h"
#include "harness/case/expand_tree.h"

#include <stdlib.h>
#include <string.h>

struct builder {
    struct template *template;
    struct surroundings *surroundings;
    struct hp_problem *problem;
    bool fill_allowed;
};

typedef enum hp_status form_compiler(struct builder *builder, const json_t *source,
                                     const struct place *place);

static enum hp_status compile_value(struct builder *builder, const json_t *source, const struct place *place);

/* Adds an operation; NULL when memory runs out, which is recorded. */
static struct op *add_op(struct builder *builder, enum op_kind kind) {
    struct template *template = builder->template;
    if (template->op_count == template->op_room) {
        size_t room = template->op_room ? template->op_room * 2 : 8;
        struct op *ops = realloc(template->ops, room * sizeof *ops);
        if (!ops) {
            hp_problem_no_memory(builder->problem);
            return NULL;
        }
        template->ops = ops;
        template->op_room = room;
    }
    struct op *op = &template->ops[template->op_count++];
    *op = (struct op){.kind = kind};
    return op;
}

/* Notes that literal text was added since `begin`: the last operation grows when it is text right before.
 * Never across a $repeat, whose operations are counted. */
static enum hp_status close_text(struct builder *builder, size_t begin) {
    struct template *template = builder->template;
    if (template->literals.failed) {
        return hp_problem_no_memory(builder->problem);
    }
    size_t length = template->literals.length_bytes - begin;
    struct op *last = template->op_count ? &template->ops[template->op_count - 1] : NULL;
    if (last && last->kind == OP_TEXT && last->begin + last->length == begin && last->skip == 0) {
        last->length += length;
        return HP_OK;
    }
    struct op *op = length ? add_op(builder, OP_TEXT) : NULL;
    if (op) {
        op->begin = begin;
        op->length = length;
    }
    return op || !length ? HP_OK : HP_INTERNAL;
}

static enum hp_status add_literal(struct builder *builder, const char *bytes) {
    size_t begin = builder->template->literals.length_bytes;
    text_add(&builder->template->literals, bytes);
    return close_text(builder, begin);
}

static enum hp_status add_inner(struct builder *builder, const char *bytes, size_t length_bytes) {
    size_t begin = builder->template->literals.length_bytes;
    value_write_inner(&builder->template->literals, bytes, length_bytes);
    return close_text(builder, begin);
}

/* The place of a {word} from there on; NULL when there is none. Strings may hold NUL bytes. */
static const char *find_word(const char *at, const char *end, const char *word) {
    size_t length = strlen(word);
    for (; (size_t)(end - at) >= length; at++) {
        at = memchr(at, '{', (size_t)(end - at) - length + 1);
        if (!at) {
            return NULL;
        }
        if (memcmp(at, word, length) == 0) {
            return at;
        }
    }
    return NULL;
}

/* Adds the inside of a string with its {run} and {index}. */
static enum hp_status add_string_inner(struct builder *builder, const char *at, size_t length_bytes) {
    static const char run[] = "{run}";
    static const char index[] = "{index}";
    const char *end = at + length_bytes;
    enum hp_status status = HP_OK;
    while (status == HP_OK && at < end) {
        const char *next_run = find_word(at, end, run);
        const char *next_index = find_word(at, next_run ? next_run : end, index);
        const char *next = next_index ? next_index : next_run;
        status = add_inner(builder, at, (size_t)((next ? next : end) - at));
        if (!next || status != HP_OK) {
            break;
        }
        at = next + (next_index ? sizeof index : sizeof run) - 1;
        status = add_op(builder, next_index ? OP_INDEX : OP_RUN) ? HP_OK : HP_INTERNAL;
    }
    return status;
}

static enum hp_status add_reference(struct builder *builder, const json_t *source, const struct place *place,
                                    enum op_kind kind) {
    struct reference reference = {0};
    enum hp_status status =
        reference_compile(source, builder->surroundings, place, &reference, builder->problem);
    struct op *op = status == HP_OK ? add_op(builder, kind) : NULL;
    if (op) {
        op->operand.kind = OPERAND_BOUND;
        op->operand.reference = reference;
    }
    return status == HP_OK && !op ? HP_INTERNAL : status;
}

/* Adds what a piece of text comes to, without quotes: literal text, a bound value, or nested generators. */
static enum hp_status compile_piece(struct builder *builder, const json_t *source, const struct place *place);

static enum hp_status compile_string_piece(struct builder *builder, const json_t *source,
                                           const struct place *place) {
    const char *text = json_string_value(source);
    size_t length_bytes = json_string_length(source);
    bool doubled = text[0] == '$' && text[1] == '$';
    if (text[0] == '$' && !doubled) {
        return add_reference(builder, source, place, OP_INNER);
    }
    return add_string_inner(builder, text + doubled, length_bytes - doubled);
}

static enum hp_status compile_string(struct builder *builder, const json_t *source,
                                     const struct place *place) {
    const char *text = json_string_value(source);
    if (text[0] == '$' && text[1] != '$') {
        return add_reference(builder, source, place, OP_VALUE);
    }
    enum hp_status status = add_literal(builder, "\"");
    if (status == HP_OK) {
        status = compile_string_piece(builder, source, place);
    }
    return status == HP_OK ? add_literal(builder, "\"") : status;
}

/* Reads a member of a generator as a number or a bound name. */
static enum hp_status compile_amount(struct builder *builder, const json_t *source, const char *key,
                                     const struct place *place, struct operand *operand) {
    const json_t *amount = json_object_get(source, key);
    const struct place below = {place, key, 0};
    memset(operand, 0, sizeof *operand);
    if (json_is_integer(amount)) {
        operand->literal = amount;
        return HP_OK;
    }
    if (!json_is_string(amount)) {
        return place_refuse(place, builder->problem, "expected \"%s\": a whole number or a bound name", key);
    }
    operand->kind = OPERAND_BOUND;
    return reference_compile(amount, builder->surroundings, &below, &operand->reference, builder->problem);
}

/* Adds an operation with an amount of its own. */
static enum hp_status add_amount_op(struct builder *builder, const json_t *source, const char *key,
                                    const struct place *place, enum op_kind kind) {
    struct operand operand;
    enum hp_status status = compile_amount(builder, source, key, place, &operand);
    struct op *op = status == HP_OK ? add_op(builder, kind) : NULL;
    if (op) {
        op->operand = operand;
    }
    return status == HP_OK && !op ? HP_INTERNAL : status;
}

static enum hp_status compile_repeat(struct builder *builder, const json_t *source,
                                     const struct place *place) {
    const json_t *piece = json_object_get(source, "text");
    const struct place below = {place, "text", 0};
    struct template *template = builder->template;
    size_t at = template->op_count;
    if (!piece) {
        return place_refuse(place, builder->problem, "expected {\"text\": ..., \"times\": n}");
    }
    enum hp_status status = add_amount_op(builder, source, "times", place, OP_REPEAT);
    if (status == HP_OK) {
        status = compile_piece(builder, piece, &below);
    }
    if (status == HP_OK) {
        template->ops[at].skip = template->op_count - at - 1;
        /* What follows must not be joined to the last repeated text. */
        template->ops[template->op_count - 1].skip += template->ops[template->op_count - 1].kind == OP_TEXT;
    }
    return status;
}

static enum hp_status compile_concat(struct builder *builder, const json_t *source,
                                     const struct place *place) {
    if (!json_is_array(source)) {
        return place_refuse(place, builder->problem, "expected an array of texts");
    }
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < json_array_size(source); i++) {
        const struct place below = {place, NULL, i};
        status = compile_piece(builder, json_array_get(source, i), &below);
    }
    return status;
}

static enum hp_status compile_fill(struct builder *builder, const json_t *source, const struct place *place) {
    if (!builder->fill_allowed) {
        return place_refuse(place, builder->problem, "$fill stands once, in args only");
    }
    builder->fill_allowed = false;
    return add_amount_op(builder, source, "bytes", place, OP_FILL);
}

static enum hp_status compile_nest(struct builder *builder, const json_t *source, const struct place *place) {
    const char *of = json_string_value(json_object_get(source, "of"));
    if (!of || (strcmp(of, "object") != 0 && strcmp(of, "array") != 0)) {
        return place_refuse(place, builder->problem, "expected \"of\": \"object\" or \"array\"");
    }
    enum hp_status status = add_amount_op(builder, source, "depth", place, OP_NEST);
    if (status == HP_OK) {
        builder->template->ops[builder->template->op_count - 1].array = of[0] == 'a';
    }
    return status;
}

static enum hp_status compile_wide(struct builder *builder, const json_t *source, const struct place *place) {
    return add_amount_op(builder, source, "keys", place, OP_WIDE);
}

static enum hp_status compile_literal(struct builder *builder, const json_t *source,
                                      const struct place *place) {
    (void)place;
    size_t begin = builder->template->literals.length_bytes;
    value_write(&builder->template->literals, source);
    return close_text(builder, begin);
}

/* Generators: those that make text may stand inside text. */
static const struct form {
    const char *key;
    form_compiler *compile;
    bool text;
    const char *shape;   /* what its argument looks like; NULL when that is no object */
    size_t member_count; /* of the shape */
} forms[] = {{"$repeat", compile_repeat, true, "{\"text\": ..., \"times\": n}", 2},
             {"$concat", compile_concat, true, NULL, 0},
             {"$fill", compile_fill, true, "{\"bytes\": n}", 1},
             {"$nest", compile_nest, false, "{\"depth\": n, \"of\": \"object\" or \"array\"}", 2},
             {"$wide", compile_wide, false, "{\"keys\": n}", 1},
             {"$literal", compile_literal, false, NULL, 0}};

static const struct form *form_of(const json_t *source) {
    for (size_t i = 0; json_object_size(source) == 1 && i < sizeof forms / sizeof forms[0]; i++) {
        if (json_object_get(source, forms[i].key)) {
            return &forms[i];
        }
    }
    return NULL;
}

bool template_is_generator(const json_t *source) {
    const struct form *form = form_of(source);
    return form && form->compile != compile_literal;
}

/* Compiles a generator; a member that it does not know would be left out in silence. */
static enum hp_status compile_form(struct builder *builder, const struct form *form, const json_t *source,
                                   const struct place *place) {
    const json_t *argument = json_object_get(source, form->key);
    const struct place below = {place, form->key, 0};
    if (form->shape && json_object_size(argument) != form->member_count) {
        return place_refuse(&below, builder->problem, "expected %s", form->shape);
    }
    return form->compile(builder, argument, &below);
}

static enum hp_status compile_piece(struct builder *builder, const json_t *source,
                                    const struct place *place) {
    const struct form *form = form_of(source);
    if (json_is_string(source)) {
        return compile_string_piece(builder, source, place);
    }
    if (!form || !form->text) {
        return place_refuse(place, builder->problem, "expected text, a bound name, $repeat or $concat");
    }
    return compile_form(builder, form, source, place);
}

static enum hp_status compile_moment(struct builder *builder, const json_t *source,
                                     const struct place *place) {
    struct operand operand;
    enum hp_status status = operand_compile(source, builder->surroundings, place, &operand, builder->problem);
    if (status != HP_OK) {
        return status;
    }
    struct op *op = add_op(builder, operand.kind == OPERAND_INSTANT ? OP_INSTANT : OP_MOMENT);
    if (op) {
        op->operand = operand;
    }
    return op ? HP_OK : HP_INTERNAL;
}

/* Refuses a key that begins with $ and is known to nobody. */
static enum hp_status refuse_form(struct builder *builder, const char *key, const struct place *place) {
    static const char *const known[] = {"$at",   "$instant", "$repeat", "$concat",
                                        "$fill", "$nest",    "$wide",   "$literal"};
    const char *nearest = suggest_nearest(key, known, sizeof known / sizeof known[0]);
    nearest = nearest && strcmp(nearest, key) == 0 ? NULL : nearest;
    return place_refuse(place, builder->problem,
                        "%s is no generator, or does not stand alone in its object%s%s%s; a key that really "
                        "begins with $ goes into $literal",
                        key, nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

static enum hp_status compile_members(struct builder *builder, const json_t *source,
                                      const struct place *place) {
    const char *key;
    json_t *member;
    const char *separator = "{";
    enum hp_status status = HP_OK;
    json_object_foreach((json_t *)source, key, member) {
        const struct place below = {place, key, 0};
        if (key[0] == '$') {
            return refuse_form(builder, key, &below);
        }
        size_t begin = builder->template->literals.length_bytes;
        text_add(&builder->template->literals, separator);
        value_write_string(&builder->template->literals, key, strlen(key));
        text_add(&builder->template->literals, ":");
        status = close_text(builder, begin);
        if (status == HP_OK) {
            status = compile_value(builder, member, &below);
        }
        if (status != HP_OK) {
            return status;
        }
        separator = ",";
    }
    return add_literal(builder, separator[0] == '{' ? "{}" : "}");
}

static enum hp_status compile_object(struct builder *builder, const json_t *source,
                                     const struct place *place) {
    const struct form *form = form_of(source);
    if (json_object_size(source) == 1 &&
        (json_object_get(source, "$at") || json_object_get(source, "$instant"))) {
        return compile_moment(builder, source, place);
    }
    if (!form) {
        return compile_members(builder, source, place);
    }
    enum hp_status status = form->text ? add_literal(builder, "\"") : HP_OK;
    if (status == HP_OK) {
        status = compile_form(builder, form, source, place);
    }
    return status == HP_OK && form->text ? add_literal(builder, "\"") : status;
}

static enum hp_status compile_array(struct builder *builder, const json_t *source,
                                    const struct place *place) {
    enum hp_status status = add_literal(builder, "[");
    for (size_t i = 0; status == HP_OK && i < json_array_size(source); i++) {
        const struct place below = {place, NULL, i};
        status = i ? add_literal(builder, ",") : HP_OK;
        if (status == HP_OK) {
            status = compile_value(builder, json_array_get(source, i), &below);
        }
    }
    return status == HP_OK ? add_literal(builder, "]") : status;
}

static enum hp_status compile_value(struct builder *builder, const json_t *source,
                                    const struct place *place) {
    switch (json_typeof(source)) {
    case JSON_OBJECT:
        return compile_object(builder, source, place);
    case JSON_ARRAY:
        return compile_array(builder, source, place);
    case JSON_STRING:
        return compile_string(builder, source, place);
    default:
        return compile_literal(builder, source, place);
    }
}

static enum hp_status finish(struct builder *builder, enum hp_status status, struct template **template) {
    if (status != HP_OK) {
        template_free(builder->template);
        hp_problem_set(builder->problem, status, NULL, "out of memory");
        return status;
    }
    *template = builder->template;
    return HP_OK;
}

enum hp_status template_compile(const json_t *source, struct surroundings *surroundings,
                                const struct place *place, bool fill_allowed, struct template **template,
                                struct hp_problem *problem) {
    struct builder builder = {calloc(1, sizeof(struct template)), surroundings, problem, fill_allowed};
    *template = NULL;
    if (!builder.template) {
        return hp_problem_no_memory(problem);
    }
    return finish(&builder, compile_value(&builder, source, place), template);
}

/* Adds raw text as it is. */
static enum hp_status add_raw(struct builder *builder, const char *at, size_t length_bytes) {
    size_t begin = builder->template->literals.length_bytes;
    text_append(&builder->template->literals, at, length_bytes);
    return close_text(builder, begin);
}

/* Adds what stands at a "{" of raw text, and tells how many bytes that was; 0 when it is an ordinary
 * brace. */
static enum hp_status add_raw_word(struct builder *builder, char *at, const struct place *place,
                                   size_t *length_bytes) {
    static const struct {
        const char *word;
        enum op_kind kind;
    } words[] = {{"{run}", OP_RUN}, {"{index}", OP_INDEX}};
    *length_bytes = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strncmp(at, words[i].word, strlen(words[i].word)) == 0) {
            *length_bytes = strlen(words[i].word);
            return add_op(builder, words[i].kind) ? HP_OK : HP_INTERNAL;
        }
    }
    char *end = at[1] == '$' ? strchr(at, '}') : NULL;
    if (!end) {
        return HP_OK;
    }
    *length_bytes = (size_t)(end - at) + 1;
    *end = '\0';
    struct reference reference;
    json_t *source = json_string_nocheck(at + 1);
    if (!source) {
        return hp_problem_no_memory(builder->problem);
    }
    enum hp_status status =
        reference_compile(source, builder->surroundings, place, &reference, builder->problem);
    json_decref(source);
    struct op *op = status == HP_OK ? add_op(builder, OP_VALUE) : NULL;
    if (op) {
        op->operand.kind = OPERAND_BOUND;
        reference_read(at + 1, strlen(at + 1), &op->operand.reference);
    }
    return status == HP_OK && !op ? HP_INTERNAL : status;
}

static enum hp_status compile_raw(struct builder *builder, char *at, const struct place *place) {
    enum hp_status status = HP_OK;
    while (status == HP_OK && *at) {
        size_t plain = at[0] == '{' ? 1 : strcspn(at, "{");
        size_t word = 0;
        if (at[0] == '{') {
            status = add_raw_word(builder, at, place, &word);
        }
        if (status == HP_OK && word == 0) {
            status = add_raw(builder, at, plain);
        }
        at += word ? word : plain;
    }
    return status;
}

enum hp_status template_compile_raw(const char *raw, struct surroundings *surroundings,
                                    const struct place *place, struct template **template,
                                    struct hp_problem *problem) {
    struct builder builder = {calloc(1, sizeof(struct template)), surroundings, problem, false};
    *template = NULL;
    if (!builder.template) {
        return hp_problem_no_memory(problem);
    }
    builder.template->raw = text_copy(raw);
    if (!builder.template->raw) {
        return finish(&builder, HP_INTERNAL, template);
    }
    return finish(&builder, compile_raw(&builder, builder.template->raw, place), template);
}

void template_free(struct template *template) {
    if (template) {
        free(template->ops);
        text_release(&template->literals);
        free(template->raw);
        free(template);
    }
}

bool template_is_constant(const struct template *template) {
    return template->op_count == 0 || (template->op_count == 1 && template->ops[0].kind == OP_TEXT);
}
