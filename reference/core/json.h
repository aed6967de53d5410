/* JSON as the contract has it: a strict reader, a compact writer, and the limits of a value. The one door to
 * jansson in the reference, beside wire.c and the requests. A json_t belongs to one thread. */
#ifndef HOLDPOINT_CORE_JSON_H
#define HOLDPOINT_CORE_JSON_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <jansson.h>
#include <stddef.h>

enum {
    /* Levels of data, itself the first (REQ-VALUE-8). */
    JSON_DEPTH_MAX = 64,
    /* Of one request or interrupt as compact JSON (REQ-VALUE-9, REQ-VALUE-10). */
    JSON_SIZE_MAX_BYTES = 1024 * 1024,
    /* Of a text with its blanks, before it is read. */
    JSON_RAW_MAX_BYTES = 8 * 1024 * 1024,
};

/* Reads one JSON value. HP_INVALID for what is no JSON, for U+0000, lone surrogates, duplicate keys, integers
 * outside the signed 64-bit range and numbers outside the doubles (REQ-VALUE-3, 5 to 7). The caller owns
 * *value. */
enum hp_status json_read(const char *bytes, size_t length_bytes, json_t **value, struct hp_problem *problem);

/* Appends compact JSON: members in their order, doubles in the fewest digits that read back as the same
 * double, whatever the locale. False when the text failed. */
bool json_write(struct text *text, const json_t *value);

/* Appends UTF-8 as a JSON string. False when the text failed. */
bool json_write_string(struct text *text, const char *bytes, size_t length_bytes);

/* json_write into a text of its own, for the caller to free; NULL when memory runs out. */
char *json_to_text(const json_t *value);

/* A shallow copy for the caller to drop; NULL when memory runs out (json_copy then leaves members out in silence). */
json_t *json_copy_whole(const json_t *value);

/* HP_INVALID at the pointer when an object or array nests deeper than JSON_DEPTH_MAX. */
enum hp_status json_check_depth(const json_t *value, const char *pointer, struct hp_problem *problem);

/* HP_INVALID at the pointer unless the text is a JSON object that json_read takes, not too deep. */
enum hp_status json_check_object(const char *text, const char *pointer, struct hp_problem *problem);

/* The bytes that a string takes as JSON, quotes included; 4 ("null") for NULL. */
size_t json_string_size(const char *string);

#endif
