/* A request and its answer, as plain values: what is done with them needs no socket. */
#ifndef HOLDPOINT_SERVER_MESSAGE_H
#define HOLDPOINT_SERVER_MESSAGE_H

#include "reference/base/text.h"

enum {
    RESPONSE_HEADERS_MAX = 4,
    RESPONSE_VALUE_SIZE = 1024, /* an id of 255 bytes as %XX, and what stands before it */
    REQUEST_ID_SIZE = 32,
};

/* The length of a body that comes in chunks, before it has come. */
#define REQUEST_CHUNKED UINT64_MAX

/* The headers that matter to somebody here. */
enum request_header {
    HEADER_CONTENT_TYPE,
    HEADER_AUTHORIZATION,
    HEADER_IDEMPOTENCY_KEY,
    HEADER_USER, /* the one that the options name */
    REQUEST_HEADER_COUNT
};

/* A request. Everything is borrowed. */
struct server_request {
    const char *method; /* "GET" */
    const char *target; /* as the request line has it: path, ?, query; nothing is decoded */
    const char *headers[REQUEST_HEADER_COUNT]; /* without blanks around; NULL: absent */
    bool repeated[REQUEST_HEADER_COUNT];       /* it came more than once */
    bool ambiguous; /* its target holds NUL, or how long its body is, or what a header's name, is not clear */
    uint64_t announced_bytes; /* of the body; REQUEST_CHUNKED when nobody knows */
    const char *body;         /* NULL while it has not come */
    size_t body_length_bytes;
    bool too_large; /* the body was more than SERVER_BODY_MAX_BYTES, and was thrown away */
};

struct response_header {
    const char *name; /* static */
    char value[RESPONSE_VALUE_SIZE];
};

/* An answer. Zeroed it is empty; release it with response_release. */
struct server_response {
    unsigned status;          /* 0: there is none yet */
    const char *content_type; /* static; NULL: no body */
    struct text body;         /* owned, unless static_body is there */
    const char *static_body;  /* NULL, or a body that outlives the answer */
    size_t static_body_length_bytes;
    struct response_header headers[RESPONSE_HEADERS_MAX];
    size_t header_count;
};

void response_release(struct server_response *response);

/* Adds a header; printf's. Control characters in the value end it: no header can become two. */
void response_header_add(struct server_response *response, const char *name, const char *format, ...)
    HP_PRINTF(3, 4);

/* The value of a header of that name; NULL when there is none. */
const char *response_header(const struct server_response *response, const char *name);

/* The bytes of the body. */
const char *response_body(const struct server_response *response, size_t *length_bytes);

#endif
