#include "harness/base/shape.h"
#include "harness/base/value.h"
#include "harness/lab/review_parts.h"

#include <stdio.h>
#include <string.h>

enum { TYPE_SIZE = 64 };

/* "interrupt.clarification_needed": the event of a creation. */
static void put_creation_type(enum seed_kind kind, char type[TYPE_SIZE]) {
    bool needed = kind == SEED_CLARIFICATION || kind == SEED_CONFIRMATION;
    snprintf(type, TYPE_SIZE, "interrupt.%s%s", seed_kind_name(kind), needed ? "_needed" : "");
}

/* The events about one interrupt, counted. */
struct tally_of_events {
    size_t creations, ends, others;
    size_t first_creation, first_end; /* their places */
    const json_t *end;                /* the first event of an end */
};

static void count_event(struct tally_of_events *tally, const json_t *event, size_t place,
                        const char *creation, const char *end) {
    const char *type = json_string_value(json_object_get(event, "event_type"));
    if (type && strcmp(type, creation) == 0) {
        tally->first_creation = tally->creations++ == 0 ? place : tally->first_creation;
    } else if (type && end[0] && strcmp(type, end) == 0) {
        if (tally->ends++ == 0) {
            tally->first_end = place;
            tally->end = event;
        }
    } else {
        tally->others++;
    }
}

static void check_counts(struct review *review, unsigned slot, const struct tally_of_events *tally,
                         const char *creation, const char *end) {
    if (tally->creations != 1) {
        review_add(review, FINDING_EVENT, slot, "#%u was created once, and there are %zu events %s", slot,
                   tally->creations, creation);
    } else if (end[0] && tally->ends != 1) {
        review_add(review, FINDING_EVENT, slot, "#%u left pending once, and there are %zu events %s", slot,
                   tally->ends, end);
    } else if (tally->others > 0) {
        review_add(review, FINDING_EVENT, slot, "#%u has %zu events beyond those of its creation and its end",
                   slot, tally->others);
    } else if (end[0] && tally->first_end < tally->first_creation) {
        review_add(review, FINDING_EVENT, slot,
                   "the event of the end of #%u comes before that of its creation", slot);
    }
}

/* The event of the end shows the interrupt as it was left. */
static void check_payload(struct review *review, unsigned slot, const struct tally_of_events *tally,
                          const json_t *last) {
    if (tally->end && !shape_equals(json_object_get(tally->end, "data"), last)) {
        review_add(review, FINDING_EVENT, slot,
                   "the event of the end of #%u shows another interrupt than get does", slot);
    }
}

/* An interrupt that is only shown expired has not left pending yet: no sweep has stored it. */
static bool was_swept(const struct performance *performance, unsigned slot) {
    const struct script *script = performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            size_t index;
            json_t *id;
            json_array_foreach(json_object_get(performance->outcomes[i][j].result, "ids"), index, id) {
                if (stage_find(&performance->stage, json_string_value(id)) == slot) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void check_slot(const struct performance *performance, unsigned slot, struct review *review) {
    const json_t *last = review_final(performance, slot);
    const char *status = review_status(last);
    const struct seed *seed = script_seed(performance->stage.script, slot);
    struct tally_of_events tally = {0};
    char creation[TYPE_SIZE], end[TYPE_SIZE] = "";
    size_t index;
    json_t *event;
    if (!last || !seed) {
        return;
    }
    put_creation_type(seed->kind, creation);
    bool ended =
        strcmp(status, "pending") != 0 && (strcmp(status, "expired") != 0 || was_swept(performance, slot));
    if (ended) {
        snprintf(end, sizeof end, "interrupt.%.40s", status);
    }
    json_array_foreach(performance->events, index, event) {
        if (stage_find(&performance->stage, json_string_value(value_at(event, "/data/id"))) == slot) {
            count_event(&tally, event, index, creation, end);
        }
    }
    check_counts(review, slot, &tally, creation, end);
    check_payload(review, slot, &tally, last);
}

/* No two events share an id. */
static void check_ids(const struct performance *performance, struct review *review) {
    size_t count = json_array_size(performance->events);
    json_t *seen = json_object();
    for (size_t i = 0; i < count; i++) {
        const json_t *event = json_array_get(performance->events, i);
        const char *id = json_string_value(json_object_get(event, "event_id"));
        unsigned slot = stage_find(&performance->stage, json_string_value(value_at(event, "/data/id")));
        if (!id) {
            review_add(review, FINDING_EVENT, slot, "an event of #%u has no event_id", slot);
            continue;
        }
        if (json_object_get(seen, id)) {
            review_add(review, FINDING_EVENT, slot, "two events have the id %s", id);
        }
        review->failed = review->failed || json_object_set_new(seen, id, json_true()) != 0;
    }
    json_decref(seen);
}

void review_events(const struct performance *performance, struct review *review) {
    /* After a lost answer nobody knows what the events should be. */
    if (performance->lost > 0) {
        return;
    }
    for (unsigned i = 0; i < performance->stage.slot_count; i++) {
        check_slot(performance, i, review);
    }
    check_ids(performance, review);
}
