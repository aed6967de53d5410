/* The processes that this one has started and that must not outlive it, for a signal that ends it: what then has to be
 * ended stands here, where a signal handler can read it. Children by `process` are entered by themselves.
 *
 * A start is announced first, so that no child can come between a handler's last look and the end of this process:
 *
 *     brood_announce(&before);
 *     id = ... start a child ...
 *     brood_enter(&before, id);
 *
 * Threads: any, at once; every start in between has its own *before. */
#ifndef HOLDPOINT_ADAPTERS_BROOD_H
#define HOLDPOINT_ADAPTERS_BROOD_H

#include <signal.h>
#include <sys/types.h>

enum {
    BROOD_MAX = 1024, /* children beyond so many at once are not entered */
    BROOD_GRACE_MS =
        200 /* between SIGTERM and SIGKILL; shorter than the grace of process_end, for a Holdpoint that is
                          * itself the adapter of another must be done before it is killed */
};

/* Blocks the signals of this thread until brood_enter or brood_forget. Does not return while brood_end is under way:
 * nothing is started any more. */
void brood_announce(sigset_t *before);

/* Enters a child, as kill() takes it: -ID is a group, which will be ended with all that is in it; ID is a process that
 * has a brood of its own and ends it at SIGTERM. 0 when the start came to nothing. */
void brood_enter(const sigset_t *before, pid_t child);

/* Instead of brood_enter in a child made by fork(): it has none of its parent's children. */
void brood_forget(const sigset_t *before);

/* The child is about to be reaped: its id will be another's. */
void brood_leave(pid_t child);

/* Ends every child that was entered: SIGTERM, and for groups SIGKILL after the grace. Reaps none. What this process has
 * to do then is die. May be called by a signal handler, once. */
void brood_end(void);

#endif
