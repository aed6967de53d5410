/* A raw HTTP client, which sends whatever a test wants sent. What says so fails the running test by cmocka's assertions; the rest
 * may be used by any thread. */
#ifndef HOLDPOINT_SELF_SUPPORT_HTTP_H
#define HOLDPOINT_SELF_SUPPORT_HTTP_H

#include "reference/base/text.h"

#include <jansson.h>

/* One connection. */
struct http_line {
    int socket;
    struct text received; /* what was read and belongs to no answer yet */
};

/* One answer. Zeroed it is empty; release it with http_answer_release. */
struct http_answer {
    unsigned status;
    struct text head; /* the lines of status and headers */
    struct text body;
};

/* Connects to "http://127.0.0.1:40721/..." by its numeric address. False when that is refused. */
bool http_connect(struct http_line *line, const char *url);
void http_close(struct http_line *line);

/* False when the other end does not take it any more. */
bool http_send_bytes(struct http_line *line, const char *bytes, size_t length_bytes);
bool http_send(struct http_line *line, const char *format, ...) HP_PRINTF(2, 3);

/* Says that nothing more is sent. */
void http_end_sending(struct http_line *line);

/* Reads one answer, of a request whose method was HEAD without a body. False at the end of the connection, and when nothing comes for
 * half a minute. The answer is emptied before. */
bool http_receive(struct http_line *line, struct http_answer *answer, bool head);
void http_answer_release(struct http_answer *answer);

/* True when the other end closes without saying more. */
bool http_at_end(struct http_line *line);

/* Whether a header is there, and, when a value is given, has it. */
bool http_has_header(const struct http_answer *answer, const char *name, const char *value);

/* Copies a header's value, "" when there is none. */
void http_header(const struct http_answer *answer, const char *name, char *value, size_t size_bytes);

/* A whole request on a connection of its own; fails the test unless it is answered. `headers` are lines with their ends. */
void http_ask(const char *url, const char *method, const char *target, const char *headers, const char *body,
              struct http_answer *answer);

/* The body as JSON, for the caller to drop; fails the test when it is none. */
json_t *http_json(const struct http_answer *answer);

#endif
