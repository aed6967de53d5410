#include "harness/case/expand.h"

#include "harness/base/value.h"
#include "harness/case/expand_tree.h"
#include "reference/base/instant.h"
#include "reference/base/json_reader.h"

#include <string.h>

/* One writing under way. */
struct writer {
    const struct template *template;
    const struct scope *scope;
    struct text *text;
    struct hp_problem *problem;
    bool fill; /* a $fill was met */
    size_t fill_at;
    size_t fill_bytes;
};

static enum hp_status write_ops(struct writer *writer, size_t from, size_t to);

/* Writes the same byte so many times. */
static bool write_bytes(struct text *text, char byte, size_t count) {
    char block[4096];
    memset(block, byte, count < sizeof block ? count : sizeof block);
    while (count > 0 && !text->failed) {
        size_t length = count < sizeof block ? count : sizeof block;
        text_append(text, block, length);
        count -= length;
    }
    return !text->failed;
}

static enum hp_status refuse_reference(struct writer *writer, const struct reference *reference) {
    return hp_problem_set(writer->problem, HP_INVALID, NULL, "$%.*s%.60s leads to nothing",
                          (int)reference->name_length, reference->name, reference->pointer);
}

static enum hp_status write_bound(struct writer *writer, const struct op *op) {
    const json_t *value = scope_resolve(writer->scope, &op->operand.reference);
    if (!value) {
        return refuse_reference(writer, &op->operand.reference);
    }
    if (op->kind == OP_INNER && json_is_string(value)) {
        value_write_inner(writer->text, json_string_value(value), json_string_length(value));
    } else {
        value_write(writer->text, value);
    }
    return HP_OK;
}

static enum hp_status write_moment(struct writer *writer, const struct op *op) {
    int64_t instant_us;
    char instant[HP_INSTANT_SIZE];
    enum hp_status status = operand_instant(&op->operand, writer->scope, &instant_us, writer->problem);
    if (status == HP_OK) {
        hp_instant_format(instant_us, instant);
        value_write_string(writer->text, instant, strlen(instant));
    }
    return status;
}

static enum hp_status write_instant(struct writer *writer, const struct op *op) {
    text_add_byte(writer->text, '"');
    if (!instant_move_text(json_string_value(op->operand.literal), writer->scope->cycles, writer->text) &&
        !writer->text->failed) {
        return hp_problem_set(writer->problem, HP_INVALID, NULL,
                              "no later cycle of 400 years ends before the year 10000");
    }
    text_add_byte(writer->text, '"');
    return HP_OK;
}

/* Writes the operations behind a $repeat once, and then copies what came. */
static enum hp_status write_repeat(struct writer *writer, size_t at) {
    const struct op *op = &writer->template->ops[at];
    size_t times = 0;
    enum hp_status status =
        operand_count(&op->operand, writer->scope, GENERATED_TEXT_MAX, &times, writer->problem);
    if (status != HP_OK || times == 0) {
        return status;
    }
    size_t begin = writer->text->length_bytes;
    status = write_ops(writer, at + 1, at + 1 + op->skip);
    size_t length = writer->text->length_bytes - begin;
    if (status != HP_OK || length == 0 || writer->text->failed) {
        return status;
    }
    if (length > GENERATED_TEXT_MAX / times) {
        return hp_problem_set(writer->problem, HP_INVALID, NULL, "a $repeat of more than %d bytes",
                              GENERATED_TEXT_MAX);
    }
    if (length == 1) {
        write_bytes(writer->text, writer->text->bytes[begin], times - 1);
        return HP_OK;
    }
    struct text piece = {0};
    text_append(&piece, writer->text->bytes + begin, length);
    for (size_t i = 1; i < times && !piece.failed; i++) {
        text_append(writer->text, piece.bytes, length);
    }
    writer->text->failed = writer->text->failed || piece.failed;
    text_release(&piece);
    return HP_OK;
}

static enum hp_status write_nest(struct writer *writer, const struct op *op) {
    size_t depth = 0;
    enum hp_status status =
        operand_count(&op->operand, writer->scope, GENERATED_LEVELS_MAX, &depth, writer->problem);
    if (status == HP_OK && depth == 0) {
        return hp_problem_set(writer->problem, HP_INVALID, NULL, "a $nest of no levels");
    }
    for (size_t i = 1; status == HP_OK && i < depth; i++) {
        text_add(writer->text, op->array ? "[" : "{\"k\":");
    }
    text_add(writer->text, op->array ? "[]" : "{}");
    if (status == HP_OK) {
        write_bytes(writer->text, op->array ? ']' : '}', depth - 1);
    }
    return status;
}

static enum hp_status write_wide(struct writer *writer, const struct op *op) {
    size_t keys = 0;
    enum hp_status status =
        operand_count(&op->operand, writer->scope, GENERATED_KEYS_MAX, &keys, writer->problem);
    text_add_byte(writer->text, '{');
    for (size_t i = 0; status == HP_OK && i < keys; i++) {
        text_addf(writer->text, "%s\"k%zu\":%zu", i ? "," : "", i, i);
    }
    text_add_byte(writer->text, '}');
    return status;
}

static enum hp_status write_fill(struct writer *writer, const struct op *op) {
    writer->fill = true;
    writer->fill_at = writer->text->length_bytes;
    return operand_count(&op->operand, writer->scope, GENERATED_TEXT_MAX, &writer->fill_bytes,
                         writer->problem);
}

static enum hp_status write_op(struct writer *writer, size_t at) {
    const struct op *op = &writer->template->ops[at];
    switch (op->kind) {
    case OP_TEXT:
        text_append(writer->text, writer->template->literals.bytes + op->begin, op->length);
        return HP_OK;
    case OP_RUN:
        text_add(writer->text, writer->scope->run);
        return HP_OK;
    case OP_INDEX:
        text_addf(writer->text, "%zu", writer->scope->index);
        return HP_OK;
    case OP_VALUE:
    case OP_INNER:
        return write_bound(writer, op);
    case OP_MOMENT:
        return write_moment(writer, op);
    case OP_INSTANT:
        return write_instant(writer, op);
    case OP_REPEAT:
        return write_repeat(writer, at);
    case OP_NEST:
        return write_nest(writer, op);
    case OP_WIDE:
        return write_wide(writer, op);
    default:
        return write_fill(writer, op);
    }
}

static enum hp_status write_ops(struct writer *writer, size_t from, size_t to) {
    enum hp_status status = HP_OK;
    for (size_t i = from; status == HP_OK && i < to; i++) {
        status = write_op(writer, i);
        if (writer->template->ops[i].kind == OP_REPEAT) {
            i += writer->template->ops[i].skip;
        }
    }
    return status;
}

/* Puts the filling text where $fill stands, now that the length of all else is known. */
static enum hp_status insert_fill(struct writer *writer, size_t begin) {
    struct text *text = writer->text;
    size_t without_bytes = text->length_bytes - begin;
    if (without_bytes > writer->fill_bytes) {
        return hp_problem_set(writer->problem, HP_INVALID, NULL,
                              "$fill asks for %zu bytes in all, the rest alone has %zu", writer->fill_bytes,
                              without_bytes);
    }
    size_t missing = writer->fill_bytes - without_bytes;
    size_t tail = text->length_bytes - writer->fill_at;
    if (write_bytes(text, 'x', missing)) {
        char *at = text->bytes + writer->fill_at;
        memmove(at + missing, at, tail);
        memset(at, 'x', missing);
    }
    return HP_OK;
}

enum hp_status template_write(const struct template *template, const struct scope *scope, struct text *text,
                              struct hp_problem *problem) {
    struct writer writer = {.template = template, .scope = scope, .text = text, .problem = problem};
    size_t begin = text->length_bytes;
    enum hp_status status = write_ops(&writer, 0, template->op_count);
    if (status == HP_OK && writer.fill && !text->failed) {
        status = insert_fill(&writer, begin);
    }
    return status == HP_OK && text->failed ? hp_problem_no_memory(problem) : status;
}

enum hp_status template_value(const struct template *template, const struct scope *scope, json_t **value,
                              struct hp_problem *problem) {
    struct text text = {0};
    struct json_fault fault = {0};
    json_error_t error;
    *value = NULL;
    enum hp_status status = template_write(template, scope, &text, problem);
    if (status == HP_OK) {
        *value = json_parse(text.bytes, text.length_bytes, &fault);
        if (!*value && !fault.no_memory) {
            /* A bound value may hold what only an answer may: U+0000. */
            *value = json_loadb(text.bytes, text.length_bytes, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        }
        status = *value ? HP_OK : hp_problem_no_memory(problem);
    }
    text_release(&text);
    return status;
}
