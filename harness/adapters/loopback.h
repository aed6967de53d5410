/* Connections within this machine, on ports of the kernel's choice. */
#ifndef HOLDPOINT_ADAPTERS_LOOPBACK_H
#define HOLDPOINT_ADAPTERS_LOOPBACK_H

#include "reference/base/text.h"

#include <stdbool.h>

/* A socket that listens on 127.0.0.1, does not block, and its port; no child gets it. -1, with errno, when there is none to
 * be had. The caller closes it. */
int loopback_listen(int backlog, unsigned *port);

/* A connection to that port of 127.0.0.1, that blocks for patience_s at most; no child gets it. -1 when nobody takes it. The
 * caller closes it. */
int loopback_connect(unsigned port, int patience_s);

/* The next one that came to a listener, as loopback_connect's; -1 when there is none. */
int loopback_accept(int listener, int patience_s);

/* Sends all of it; false when the other side is gone, or does not read for the time of its patience. */
bool loopback_send(int connected, const struct text *bytes);

#endif
