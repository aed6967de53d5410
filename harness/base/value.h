/* JSON values compared and shown as the contract has it. Nothing here changes a reference count, so values
 * that several threads can see may be passed. */
#ifndef HOLDPOINT_HARNESS_BASE_VALUE_H
#define HOLDPOINT_HARNESS_BASE_VALUE_H

#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>

/* True when both are the same JSON value: numbers are compared as numbers (1 and 1.0 are equal, integers
 * exactly), the order of keys counts for nothing. */
bool value_equals(const json_t *one, const json_t *other);

/* -1, 0 or 1 for two numbers, compared exactly also between an integer and a double. */
int value_compare_numbers(const json_t *one, const json_t *other);

/* A shallow copy for the caller to drop; NULL when memory runs out (json_copy then leaves members out in
 * silence). */
json_t *value_copy(const json_t *value);

/* What a JSON Pointer (RFC 6901) leads to; NULL when it leads nowhere. Borrowed. */
json_t *value_at(const json_t *root, const char *pointer);

/* The name of a value's type in JSON Schema's words; "nothing" for NULL. A double without a fraction is a
 * "number" here. */
const char *value_type_name(const json_t *value);

/* Adds the value as compact JSON; nothing for NULL. False when memory or the text's cap ends. */
bool value_write(struct text *text, const json_t *value);

/* Adds text as a JSON string without or with its quotes. */
bool value_write_inner(struct text *text, const char *bytes, size_t length_bytes);
bool value_write_string(struct text *text, const char *bytes, size_t length_bytes);

/* json_dumps into memory for the caller to free with free(), whatever allocator jansson was given. NULL when memory
 * runs out. */
char *value_dump(const json_t *value, size_t flags);

/* The value as JSON cut to about so many bytes, "... (N bytes)" behind what was cut; "nothing" for NULL. The
 * caller frees it; NULL when memory runs out. */
char *value_show(const json_t *value, size_t limit_bytes);

/* Cuts text that is longer than the limit at a character boundary and says how long it was. */
bool text_shorten(struct text *text, size_t limit_bytes);

/* Adds one token of a JSON Pointer, "/" and ~ escaped. */
bool pointer_add_key(struct text *pointer, const char *key);
bool pointer_add_index(struct text *pointer, size_t index);

#endif
