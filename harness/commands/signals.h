/* Ctrl-C and SIGTERM, for commands that take their time and have something to say at their end. */
#ifndef HOLDPOINT_COMMANDS_SIGNALS_H
#define HOLDPOINT_COMMANDS_SIGNALS_H

#include <stdbool.h>

/* From now on the first signal is noted, so that what is under way can end; a second one finds the default again and ends
 * the process. Forgets one that was noted before. */
void signals_catch(void);

/* True when one was noted. */
bool signals_caught(void);

#endif
