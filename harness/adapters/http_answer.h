/* What a service answered over HTTP, as an answer of the wire. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_ANSWER_H
#define HOLDPOINT_ADAPTERS_HTTP_ANSWER_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/http_line.h"
#include "harness/adapters/profile.h"

/* Reads the reply to a route:
 * - 2xx is ANSWER_RESULT: the route's members from where they lie in the body; what is not there is left out, for the cases
 *   to judge. A body that is no JSON, or says that it is of another type, is ANSWER_BROKEN. With `then` the body counts
 *   for nothing, and the result is an empty object;
 * - every other status is ANSWER_REFUSED, under the name that the profile gives it, else "HTTP 302": whatever the body is;
 *   without_members says that the request's body was no object: a refusal as invalid that names no field then means the
 *   whole body;
 * - a broken reply is ANSWER_BROKEN. */
void http_answer_read(const struct profile *profile, const struct profile_route *route, bool without_members,
                      const struct http_reply *reply, struct answer *answer);

/* Reads the reply of a server's controls to a call: {"result": ...}, or a refusal in the reference's words. */
void http_answer_read_controls(const struct profile *profile, const struct http_reply *reply,
                               struct answer *answer);

#endif
