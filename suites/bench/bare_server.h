/* The yardstick of bench_http: libmicrohttpd with a handler that knows no interrupts. It answers every GET with all fields of
 * one, and every POST with those of a response, built by jansson; what was asked is taken in and not looked at. It sends
 * the headers and logs the line that our server does. */
#ifndef HOLDPOINT_BENCH_BARE_SERVER_H
#define HOLDPOINT_BENCH_BARE_SERVER_H

#include "reference/base/problem.h"

struct bare_server;

/* Starts it on any free port of 127.0.0.1 with so many threads. HP_INTERNAL without memory, threads or sockets. */
enum hp_status bare_server_start(unsigned threads, int log_fd, struct bare_server **server,
                                 struct hp_problem *problem);
const char *bare_server_url(const struct bare_server *server);
void bare_server_stop(struct bare_server *server); /* NULL is allowed */

#endif
