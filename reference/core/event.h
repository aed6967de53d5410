/* What is told of a change: one event for each creation and each transition. */
#ifndef HOLDPOINT_CORE_EVENT_H
#define HOLDPOINT_CORE_EVENT_H

#include "reference/core/interrupt.h"

/* One event; a value that never changes. A retried delivery repeats the id (REQ-EVENT-2, REQ-EVENT-3). */
struct hp_event {
    char id[HP_ID_SIZE];
    const char *type;               /* "interrupt.resolved"; static text */
    int64_t timestamp_us;           /* the operation's now */
    struct hp_interrupt *interrupt; /* after the change; the event owns it */
};

/* The event of an interrupt having just become what it is: of its creation while pending, else of its status.
 * NULL when memory runs out. The caller frees it. */
HP_API struct hp_event *hp_event_new(const char *id, int64_t timestamp_us,
                                     const struct hp_interrupt *interrupt);
HP_API void hp_event_free(struct hp_event *event); /* NULL is allowed */

#endif
