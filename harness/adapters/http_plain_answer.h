/* The answer to `http.request`: what came back, as it came. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_PLAIN_ANSWER_H
#define HOLDPOINT_ADAPTERS_HTTP_PLAIN_ANSWER_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/http_line.h"

/* A result, whatever the status:
 *   status    a number
 *   headers   an object of lower-case name -> text; those that came several times are joined by ", "; bytes that are no
 *             UTF-8 are left out
 *   bytes     how long the body is
 *   body      the body, when it is JSON, whatever its type says
 *   text      else, when it is UTF-8 and not empty; cut after 64 KiB
 * A broken reply is ANSWER_BROKEN. */
void http_plain_answer(const struct http_reply *reply, struct answer *answer);

#endif
