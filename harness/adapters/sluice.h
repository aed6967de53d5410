/* Lets calls pass that may overlap, and now and then one thing that must have them all out. A lock for readers and
 * writers would do if a call began and ended in one thread, and if nobody minded how long the last one takes. */
#ifndef HOLDPOINT_ADAPTERS_SLUICE_H
#define HOLDPOINT_ADAPTERS_SLUICE_H

#include <pthread.h>
#include <stdbool.h>

/* Any number of threads; what one thread entered another may leave. */
struct sluice {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned inside;
    bool shut;
};

/* False when the system has no lock to give. Release with sluice_release, when nobody is inside. */
bool sluice_init(struct sluice *sluice);
void sluice_release(struct sluice *sluice);

/* Waits while it is shut. */
void sluice_enter(struct sluice *sluice);
void sluice_leave(struct sluice *sluice);

/* Waits until nobody else has it shut, shuts it, and waits up to timeout_ms until nobody is inside. False when
 * somebody still is. It is shut in both cases, and the caller opens it. */
bool sluice_shut(struct sluice *sluice, unsigned timeout_ms);
void sluice_open(struct sluice *sluice);

#endif
