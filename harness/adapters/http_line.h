/* One HTTP connection that is kept alive, with one request on it at a time. The only file of the adapters that knows
 * libcurl is http_line.c. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_LINE_H
#define HOLDPOINT_ADAPTERS_HTTP_LINE_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    HTTP_CONNECT_MS = 10000,
    HTTP_CONTENT_TYPE_SIZE = 96,
    HTTP_DETAIL_SIZE = 256,
    HTTP_HEAD_MAX_BYTES = 256 * 1024,
    HTTP_REPLY_MAX_BYTES = 8 * 1024 * 1024,
};

/* What is to be sent. Everything is borrowed until http_line_start returns. */
struct http_request {
    const char *verb; /* "POST" */
    const char *url;
    const char *const *headers; /* "Name: value", header_count of them, besides Host and Content-Length */
    size_t header_count;
    const char *body; /* NULL: none */
    size_t body_length_bytes;
};

/* What came back. Zeroed it holds nothing; release with http_reply_release. */
struct http_reply {
    bool broken;                               /* no whole answer: only detail counts */
    char detail[HTTP_DETAIL_SIZE];             /* why */
    unsigned status;                           /* 200 */
    char content_type[HTTP_CONTENT_TYPE_SIZE]; /* "" when none came; cut to fit */
    struct text
        head; /* the lines of the header as they came, each ended by CR LF or LF; empty when the server sends too many */
    struct text body;
};

void http_reply_release(struct http_reply *reply);

/* For one thread at a time. */
struct http_line;

/* Nothing is connected yet. Answers of more than reply_max_bytes are broken. NULL when memory runs out. The caller frees
 * it. */
struct http_line *http_line_new(size_t reply_max_bytes);
void http_line_free(struct http_line *line); /* NULL is allowed; ends what is under way */

/* Sends the request, or as much of it as goes without a long wait. Connections go straight, by no proxy; redirects are not
 * followed; a request that may have arrived is never sent twice. HP_UNAVAILABLE while another is under way,
 * HP_INTERNAL without memory. That nobody is there, or that the URL is none of http or https, is told by http_line_wait. */
enum hp_status http_line_start(struct http_line *line, const struct http_request *request,
                               struct hp_problem *problem);

/* Waits up to timeout_ms for the answer. False when there is none yet; else *reply is filled in. */
bool http_line_wait(struct http_line *line, unsigned timeout_ms, struct http_reply *reply);

#endif
