/* Templates of params: compiled once, written out as JSON text for each call, with names, {run}, {index} and
 * generators in place. fixtures/README.md, "Values", is what they understand. */
#ifndef HOLDPOINT_CASE_EXPAND_H
#define HOLDPOINT_CASE_EXPAND_H

#include "harness/base/place.h"
#include "harness/case/operand.h"
#include "harness/case/scope.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>

enum {
    GENERATED_TEXT_MAX = 4 * 1024 * 1024, /* bytes of a $repeat or $fill */
    GENERATED_LEVELS_MAX = 1000,          /* of a $nest */
    GENERATED_KEYS_MAX = 100000           /* of a $wide */
};

/* Immutable once compiled: any number of threads may write it out. Borrows texts from its source. */
struct template;

/* Compiles a JSON template. HP_INVALID, with the JSON Pointer in problem->field, for an unbound name, a key
 * that begins with $ and is no generator, a generator that is written wrongly, or a second $fill. $fill is
 * refused unless fill_allowed. The caller frees *template. */
enum hp_status template_compile(const json_t *source, struct surroundings *surroundings,
                                const struct place *place, bool fill_allowed, struct template **template,
                                struct hp_problem *problem);

/* Compiles params that are given as text: {run}, {index} and {$name} are replaced, all else is kept, whether
 * it is JSON or not. */
enum hp_status template_compile_raw(const char *raw, struct surroundings *surroundings,
                                    const struct place *place, struct template **template,
                                    struct hp_problem *problem);

void template_free(struct template *template); /* NULL is allowed */

/* True when it is the same for every scope. */
bool template_is_constant(const struct template *template);

/* Appends the template as compact JSON. HP_INVALID, in words, when a name's pointer leads nowhere or a
 * generator asks for what cannot be; the text then holds an unfinished piece. HP_INTERNAL when memory or the
 * text's cap ends. */
enum hp_status template_write(const struct template *template, const struct scope *scope, struct text *text,
                              struct hp_problem *problem);

/* Writes the template out and reads it as a value. The caller drops *value. */
enum hp_status template_value(const struct template *template, const struct scope *scope, json_t **value,
                              struct hp_problem *problem);

/* True when an object of one key is a generator of text or values: $repeat, $concat, $nest, $wide, $fill. */
bool template_is_generator(const json_t *source);

#endif
