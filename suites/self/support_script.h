/* JSON and scripts in a short form, for tests: ' stands for ". What is wrong with one fails the running test by cmocka's
 * assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_SCRIPT_H
#define HOLDPOINT_SELF_SUPPORT_SCRIPT_H

#include "harness/lab/script.h"
#include "suites/self/support_json.h"

/* The value of JSON text; the caller drops it. */
json_t *json_short(const char *text);

/* The text with its quotes made double; the caller frees it. */
char *text_short(const char *text);

/* A decoded script; the caller releases it. */
void script_short(struct script *script, const char *text);

#endif
