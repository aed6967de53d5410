/* A webhook on its way, as faults see it: HTTP on one side, JSON on the other. Pure. Private to the mutants. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_PARCEL_H
#define HOLDPOINT_ADAPTERS_MUTANT_PARCEL_H

#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>

/* Where a URL leads: its port, and its path, borrowed. False when that is not http on 127.0.0.1. */
bool parcel_address(const char *url, unsigned *port, const char **path);

/* A request that came, as the params of webhook.send:
 *   url           where it is to go
 *   headers       lower-case name -> text, without those that say how the body was carried
 *   text, body    the body as it came, and the same as JSON when it is some
 * The head ends with its blank line. A new value; NULL for a body that is no UTF-8, and without memory. */
json_t *parcel_params(const char *head, const struct text *body, const char *url);

/* The request that such params ask for: a POST of their body when it is another than `came` (NULL: nothing came) has, else
 * of their text. False without memory. */
bool parcel_write(const json_t *params, const json_t *came, struct text *bytes);

/* An answer as the result of webhook.send: {"status", "headers"}. NULL when its head is none of HTTP, and without memory. */
json_t *parcel_result(const char *head);

/* The head of an answer with the status of a result, and its own headers; without a head (NULL) that of an answer without a
 * body. False without memory. */
bool parcel_write_head(const json_t *result, const char *head, struct text *bytes);

#endif
