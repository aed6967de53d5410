/* The description of the API for machines: OpenAPI 3.1. */
#ifndef HOLDPOINT_SERVER_OPENAPI_H
#define HOLDPOINT_SERVER_OPENAPI_H

#include "reference/base/text.h"

/* The text of reference/server/openapi.json, from the Makefile. */
extern const char openapi_json[];
extern const size_t openapi_json_length_bytes;

/* Appends the description of a server with that prefix. False when memory runs out. */
bool openapi_write(struct text *text, const char *prefix);

#endif
