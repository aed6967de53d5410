/* The HTTP server of the reference: the routes of docs/server.md over a deployment. */
#ifndef HOLDPOINT_SERVER_SERVER_H
#define HOLDPOINT_SERVER_SERVER_H

#include "reference/base/problem.h"
#include "reference/server/deployment.h"

enum {
    SERVER_BODY_MAX_BYTES = 1200000, /* of a request; more is 413 */
    SERVER_CONNECTIONS = 1024,
    SERVER_IDLE_SECONDS = 30,
    SERVER_REQUEST_SECONDS = 60,
    SERVER_GRACE_SECONDS = 10,
};

/* How a server is to be. Zero takes the default where there is one; texts are borrowed for the call only. */
struct server_options {
    const char *listen; /* HOST:PORT, "127.0.0.1:8080", "[::1]:0"; port 0: any free one. NULL:
                                   "127.0.0.1:0" */
    const char *prefix; /* before every route: "/api/v1"; NULL or "": none */
    const char
        *auth_header; /* the header from which a trusted proxy lets us know the user; NULL: the query and the
                                   body of a creation say who he is */
    const char *operator_token; /* what the operator routes want to be shown; NULL: nobody may use them */
    unsigned threads; /* loops that serve the connections; 0: each connection has a thread of its own, for a
                                   store that makes its callers wait */
    unsigned max_connections; /* at once; others wait until one is closed; default SERVER_CONNECTIONS */
    unsigned idle_seconds;    /* a connection on which nothing moves for so long is closed */
    unsigned request_seconds; /* so long may a request be on its way, from the end of the one before on */
    unsigned grace_seconds;   /* so long server_stop waits for requests that are under way */
    int log_fd;               /* gets one line of JSON a request; below 0: none */
};

struct server;

/* Starts serving, in threads of its own. The deployment is borrowed and outlives the server. HP_INVALID for an option
 * that makes no sense, HP_UNAVAILABLE when the address cannot be listened on, HP_INTERNAL without memory or threads. */
enum hp_status server_start(struct deployment *deployment, const struct server_options *options,
                            struct server **server, struct hp_problem *problem);

/* Starts a server of the controls that HTTP has no route for (docs/server.md), on any free port of 127.0.0.1. For
 * conformance runs only: it can reset everything, and asks nobody who he is. Stop it like any other. */
enum hp_status server_start_controls(struct deployment *deployment, struct server **server,
                                     struct hp_problem *problem);

/* Where it is reached, prefix included: "http://127.0.0.1:40721/api/v1". */
const char *server_url(const struct server *server);

/* Takes no more connections, lets the requests that are under way be answered, and frees the server. No request is
 * carried out whose answer is not waited for, but for those beyond grace_seconds. NULL is allowed. */
void server_stop(struct server *server);

#endif
