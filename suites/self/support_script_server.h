/* A small HTTP server that answers what the test tells it, byte by byte, on a port of its own. Everything here fails the
 * running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_SCRIPT_SERVER_H
#define HOLDPOINT_SELF_SUPPORT_SCRIPT_SERVER_H

#include "reference/base/text.h"

#include <stddef.h>

enum { SCRIPT_REPLIES_MAX = 16 };

/* One answer: bytes that are sent as they are, after a whole request came; then, perhaps, the end of the connection. */
struct script_reply {
    const char *bytes; /* NULL: nothing is sent */
    size_t repeat;     /* the tail is sent so often */
    const char *tail;  /* NULL: none */
    int close;         /* the connection ends behind it */
    int hold;          /* it does not, and nothing more is said on it, until the server stops */
};

struct script_server;

/* Starts one that answers its n-th request with the n-th reply; NULL bytes and no close end the list. */
struct script_server *script_server_start(const struct script_reply *replies, size_t count);

/* "http://127.0.0.1:PORT"; borrowed. */
const char *script_server_url(const struct script_server *server);

/* The n-th request as it came, head and body; "" when there was none. Borrowed; call it when its answer has come. */
const char *script_server_request(struct script_server *server, size_t number);

/* How many requests and connections came. */
size_t script_server_requests(struct script_server *server);
size_t script_server_connections(struct script_server *server);

void script_server_stop(struct script_server *server);

/* A whole answer with a JSON body; static storage, good for the next SCRIPT_REPLIES_MAX calls. */
const char *reply_json(const char *status_line, const char *body);

#endif
