/* Ctrl-C, SIGTERM and SIGHUP. However a command takes them, nothing that it has started outlives it (adapters/brood). */
#ifndef HOLDPOINT_COMMANDS_SIGNALS_H
#define HOLDPOINT_COMMANDS_SIGNALS_H

#include <stdbool.h>

/* From now on such a signal ends all that this process has started, and then the process, which dies of it. A signal that
 * is ignored stays so. */
void signals_guard(void);

/* For commands that take their time and have something to say at their end. From now on the first signal is noted, so that
 * what is under way can end; a second SIGINT or SIGTERM ends all, as above. A second SIGHUP says nothing new: a terminal
 * that closes sends it, and so does its shell. SIGINT and SIGTERM are taken even when they were ignored; SIGHUP is not,
 * for nohup. Forgets a signal that was noted before. */
void signals_catch(void);

/* True when one was noted. */
bool signals_caught(void);

#endif
