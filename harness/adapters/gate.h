/* Lets calls pass that may overlap, and now and then one thing that must have them all out. A lock for readers and
 * writers would do if a call began and ended in one thread, and if nobody minded how long the last one takes. */
#ifndef HOLDPOINT_ADAPTERS_GATE_H
#define HOLDPOINT_ADAPTERS_GATE_H

#include <pthread.h>
#include <stdbool.h>

/* Any number of threads; what one thread entered another may leave. */
struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned inside;
    bool shut;
};

/* False when the system has no lock to give. Release with gate_release, when nobody is inside. */
bool gate_init(struct gate *gate);
void gate_release(struct gate *gate);

/* Waits while it is shut. */
void gate_enter(struct gate *gate);
void gate_leave(struct gate *gate);

/* Waits until nobody else has it shut, shuts it, and waits up to timeout_ms until nobody is inside. False when
 * somebody still is. It is shut in both cases, and the caller opens it. */
bool gate_shut(struct gate *gate, unsigned timeout_ms);
void gate_open(struct gate *gate);

#endif
