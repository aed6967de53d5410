#include "reference/core/event.h"
#include "reference/base/text.h"

#include <stdlib.h>

struct hp_event *hp_event_new(const char *id, int64_t timestamp_us, const struct hp_interrupt *interrupt) {
    struct hp_event *event = malloc(sizeof *event);
    if (!event) {
        return NULL;
    }
    const char *entered = hp_interrupt_status_event(interrupt->status);
    event->type = entered ? entered : hp_kind_rule(interrupt->kind)->created_event;
    event->timestamp_us = timestamp_us;
    text_put(event->id, sizeof event->id, id);
    event->interrupt = hp_interrupt_new(interrupt);
    if (!event->interrupt) {
        free(event);
        return NULL;
    }
    return event;
}

void hp_event_free(struct hp_event *event) {
    if (event) {
        hp_interrupt_free(event->interrupt);
        free(event);
    }
}
