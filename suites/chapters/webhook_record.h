/* A request to an endpoint as JSON, for cases to match. */
#ifndef HOLDPOINT_CHAPTERS_WEBHOOK_RECORD_H
#define HOLDPOINT_CHAPTERS_WEBHOOK_RECORD_H

#include "suites/chapters/receiver.h"

#include <jansson.h>

/* As the play webhook.received gives it; secret NULL: signatures are only there or missing, "unchecked" when there. NULL
 * without memory. */
json_t *webhook_record(const struct receiver_request *request, const char *secret);

#endif
