/* A call over HTTP as a command that a person can repeat. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_CURL_H
#define HOLDPOINT_ADAPTERS_HTTP_CURL_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/profile.h"

/* Adds a curl command for the first server: by its route, else by the controls, when it has any; else nothing. What the
 * profile takes from the environment stays ${NAME}, for the shell to fill in, so that no secret is shown. A long body is
 * cut, which a comment says. */
void http_curl_write(const struct profile *profile, const struct request *request, struct text *text);

#endif
