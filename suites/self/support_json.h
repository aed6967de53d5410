/* JSON written in tests with single quotes. */
#ifndef HOLDPOINT_SELF_SUPPORT_JSON_H
#define HOLDPOINT_SELF_SUPPORT_JSON_H

#include <jansson.h>

/* Reads JSON in which ' stands for ". The caller decrefs it; the test fails when it is no JSON. */
json_t *json_quoted(const char *text);

/* Fails the test when the two differ, and shows both; the value stays the caller's, and may be NULL. NULL
 * wanted: there is to be none. */
void assert_json(const json_t *value, const char *wanted);

#endif
