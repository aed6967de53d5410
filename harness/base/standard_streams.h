/* The descriptors 0 to 2, which whoever starts a program may have closed. */
#ifndef HOLDPOINT_BASE_STANDARD_STREAMS_H
#define HOLDPOINT_BASE_STANDARD_STREAMS_H

#include <stdbool.h>

/* Occupies those of them that are closed, so that no file or socket that is opened later becomes one, and is written to as
 * stdout. They fail as before: stdin when it is read, stdout and stderr when they are written to. To be called first in a
 * program, before it has threads. False when /dev/null cannot be opened. */
bool standard_streams_hold(void);

#endif
