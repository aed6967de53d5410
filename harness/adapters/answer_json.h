/* JSON as a target may answer it: everything that jansson takes, and integers beyond 64 bits, which are the
 * nearest double there. */
#ifndef HOLDPOINT_ADAPTERS_ANSWER_JSON_H
#define HOLDPOINT_ADAPTERS_ANSWER_JSON_H

#include <jansson.h>
#include <stddef.h>

/* Reads one JSON value of any type. NULL, with *error filled in, for what is no JSON, has a key twice, holds
 * a number that no double is near to (1e400), or when memory runs out. U+0000 in text is taken: whether it
 * may be there is for the cases to judge. The caller decrefs the value. */
json_t *answer_json_load(const char *bytes, size_t length_bytes, json_error_t *error);

#endif
