/* A site over HTTP/1.1: the one place that knows libmicrohttpd. */
#ifndef HOLDPOINT_SERVER_TRANSPORT_H
#define HOLDPOINT_SERVER_TRANSPORT_H

#include "reference/server/site.h"

struct transport_options {
    const struct site *site; /* borrowed */
    int listener;            /* a listening socket; taken over, also when the start fails */
    unsigned threads;        /* as in struct server_options, as are those below */
    unsigned max_connections;
    unsigned idle_seconds;
    unsigned request_seconds;
    unsigned grace_seconds;
    int log_fd;
};

struct transport;

/* Starts serving. HP_INTERNAL without memory, threads or sockets. */
enum hp_status transport_start(const struct transport_options *options, struct transport **transport,
                               struct hp_problem *problem);

/* As server_stop. */
void transport_stop(struct transport *transport);

#endif
