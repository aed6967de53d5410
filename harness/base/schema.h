/* An interpreter of a declared subset of JSON Schema 2020-12, compiled once and fast to apply.
 *
 * Assertions: type enum const required properties additionalProperties patternProperties propertyNames
 * minProperties maxProperties items minItems maxItems uniqueItems minLength maxLength pattern minimum maximum
 * exclusiveMinimum exclusiveMaximum oneOf anyOf allOf not if then else $ref. A $ref is "#" or "#/$defs/NAME";
 * a pattern is a POSIX extended regular expression that also means the same in ECMAScript.
 * Annotations: $schema $id $defs title description examples default $comment.
 * A schema with any other keyword is refused: what is not checked must not look as if it were. */
#ifndef HOLDPOINT_HARNESS_BASE_SCHEMA_H
#define HOLDPOINT_HARNESS_BASE_SCHEMA_H

#include "reference/base/problem.h"

#include <jansson.h>

/* A compiled schema. Immutable: any number of threads may check with one. */
struct schema;

/* Compiles a schema, which is kept by reference and must not be changed afterwards. HP_INVALID, with the JSON
 * Pointer into the schema in problem->field, for a keyword outside the subset, one of the wrong type, a $ref
 * that leads nowhere or only to itself, or a pattern that is none. The caller frees *schema. */
enum hp_status schema_compile(json_t *document, struct schema **schema, struct hp_problem *problem);
void schema_free(struct schema *schema); /* NULL is allowed */

/* HP_OK when the value is valid. Otherwise HP_INVALID: problem->field is the JSON Pointer of what is at fault
 * ("" for the whole) and problem->detail says what was expected and what was got; an unknown key comes with
 * the nearest known one. Of a failed oneOf or anyOf the branch that got furthest is told. HP_INTERNAL when
 * memory runs out. */
enum hp_status schema_check(const struct schema *schema, const json_t *value, struct hp_problem *problem);

#endif
