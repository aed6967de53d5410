/* The socket on which a server waits for connections. */
#ifndef HOLDPOINT_SERVER_LISTENER_H
#define HOLDPOINT_SERVER_LISTENER_H

#include "reference/base/problem.h"

enum { LISTENER_URL_SIZE = 320 };

/* Listens on HOST:PORT, "127.0.0.1:8080", "[::1]:0", "localhost:80"; port 0 is any free one. `url` becomes how it is reached,
 * "http://127.0.0.1:40721". HP_INVALID for what is no address, HP_UNAVAILABLE when it cannot be listened on. The caller
 * closes *descriptor. */
enum hp_status listener_open(const char *address, int *descriptor, char url[LISTENER_URL_SIZE],
                             struct hp_problem *problem);

#endif
