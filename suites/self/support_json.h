/* JSON in a short form, for tests: ' stands for ". What is wrong with it fails the running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_JSON_H
#define HOLDPOINT_SELF_SUPPORT_JSON_H

#include <jansson.h>

/* The text with its quotes made double; the caller frees it. */
char *text_short(const char *text);

/* The value of JSON text; the caller drops it. */
json_t *json_short(const char *text);

/* Fails the running test, and shows both, when the value is not that of the text. NULL text: when there is one. The value
 * stays the caller's. */
void assert_json(const json_t *value, const char *text);

#endif
