/* How many requests are under way, so that a server can wait for them before it stops. */
#ifndef HOLDPOINT_SERVER_TALLY_H
#define HOLDPOINT_SERVER_TALLY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Safe for any number of threads. */
struct tally {
    atomic_uint under_way; /* its highest bit: no more begin */
    atomic_bool stopping;  /* somebody waits for them */
    pthread_mutex_t mutex;
    pthread_cond_t none; /* of them is under way */
};

void tally_init(struct tally *tally);
void tally_release(struct tally *tally); /* once no thread uses it, not even within tally_end */

/* Begins one. False when no more are to begin; such a one must not be carried out, and is not ended. */
bool tally_begin(struct tally *tally);
void tally_end(struct tally *tally);

/* True from the begin of tally_close on: who is answered now should not come again. */
bool tally_is_stopping(const struct tally *tally);

/* Waits until none is under way, at most so long, and lets no more begin. False when some still are. */
bool tally_close(struct tally *tally, unsigned seconds);

#endif
