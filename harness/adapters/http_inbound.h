/* Reading a request of HTTP/1.1, as far as it has come. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_INBOUND_H
#define HOLDPOINT_ADAPTERS_HTTP_INBOUND_H

#include "reference/base/text.h"

#include <jansson.h>

enum request_state { REQUEST_PARTIAL, REQUEST_WHOLE, REQUEST_MALFORMED };

/* Looks at the bytes that are there. On REQUEST_WHOLE *head_bytes is how many of them are the request line and headers, the
 * blank line included, and `body`, which was empty, holds the body, put together when it came in chunks. */
enum request_state request_parse(const struct text *bytes, size_t *head_bytes, struct text *body);

/* The value of a header in a head, without blanks around it, the values of several of that name with ", " between; false
 * when there is none, or without memory. The caller releases *value, which was empty, in any case. */
bool request_header(const char *head, const char *name, struct text *value);

/* All headers of a head: lower-case name -> value, as above; what is no UTF-8 says so. For the caller to drop; NULL without
 * memory. */
json_t *request_headers(const char *head);

#endif
