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
    const json_t *creation, *end;     /* the first of each */
};

static void count_event(struct tally_of_events *tally, const json_t *event, size_t place,
                        const char *creation, const char *end) {
    const char *type = json_string_value(json_object_get(event, "event_type"));
    if (type && strcmp(type, creation) == 0) {
        if (tally->creations++ == 0) {
            tally->first_creation = place;
            tally->creation = event;
        }
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
                         const char *creation, const char *end, bool must_end) {
    if (tally->creations != 1) {
        review_add(review, FINDING_EVENT, slot, "#%u was created once, and there are %zu events %s", slot,
                   tally->creations, creation);
    } else if (tally->ends > 1 || (must_end && tally->ends == 0)) {
        review_add(review, FINDING_EVENT, slot, "#%u left pending once, and there are %zu events %s", slot,
                   tally->ends, end);
    } else if (tally->others > 0) {
        review_add(review, FINDING_EVENT, slot, "#%u has %zu events beyond those of its creation and its end",
                   slot, tally->others);
    } else if (tally->end && tally->first_end < tally->first_creation) {
        review_add(review, FINDING_EVENT, slot,
                   "the event of the end of #%u comes before that of its creation", slot);
    }
}

/* The event of the creation shows the interrupt as it was given, and as creation answered what was not. */
static const char *unlike_created(const struct performance *performance, unsigned slot, const json_t *data,
                                  struct review *review) {
    static const char *const made[] = {"id", "created_at", "expires_at"};
    const json_t *created = review_created(performance, slot);
    const char *field = review_unlike_given(performance, slot, data, review);
    if (field) {
        return field;
    }
    if (strcmp(review_status(data), "pending") != 0) {
        return "status";
    }
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        if (!review_members_equal(created, data, made[i])) {
            return made[i];
        }
    }
    return NULL;
}

/* The event of the end shows the interrupt as it was left. */
static const char *unlike_left(const struct performance *performance, unsigned slot, const json_t *data) {
    const char *field = review_difference(review_final(performance, slot), data);
    const json_t *ended = field ? review_ended(performance, slot) : NULL;
    return ended && !review_difference(ended, data) ? NULL : field;
}

static void check_payload(struct review *review, unsigned slot, const json_t *event, const char *field) {
    const char *type = json_string_value(json_object_get(event, "event_type"));
    if (event && field) {
        review_add(review, FINDING_EVENT, slot, "the event %s of #%u shows another %s than the answers do",
                   type ? type : "", slot, field);
    } else if (event && !review_members_equal(event, json_object_get(event, "data"), "request_id")) {
        review_add(review, FINDING_EVENT, slot,
                   "the event %s of #%u has another request_id than the interrupt", type ? type : "", slot);
    }
}

static bool names(const struct performance *performance, const json_t *ids, unsigned slot) {
    size_t index;
    json_t *id;
    json_array_foreach((json_t *)ids, index, id) {
        if (stage_find(&performance->stage, json_string_value(id)) == slot) {
            return true;
        }
    }
    return false;
}

/* Whether an expiry that was seen must have been stored: a sweep named it, or one that began when it was there and due was
 * answered, which leaves nothing behind. It may have been stored in any case, by a sweep of the service's own. */
static bool was_swept(const struct performance *performance, unsigned slot) {
    const struct script *script = performance->stage.script;
    int64_t due_ns = performance->windows[slot].until_ns;
    int64_t created_ns = review_creation(performance, slot)->return_ns;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct outcome *outcome = &performance->outcomes[i][j];
            const json_t *ids = json_object_get(outcome->result, "ids");
            bool swept = script->clients[i].acts[j].kind == ACT_SWEEP && json_is_array(ids);
            bool found = outcome->invoke_ns > due_ns && outcome->invoke_ns > created_ns;
            if (swept && (found || names(performance, ids, slot))) {
                return true;
            }
        }
    }
    return false;
}

static void check_slot(const struct performance *performance, unsigned slot, struct review *review) {
    const json_t *last = review_final(performance, slot);
    const json_t *created = review_created(performance, slot);
    const char *status = review_status(last);
    const struct seed *seed = script_seed(performance->stage.script, slot);
    struct tally_of_events tally = {0};
    char creation[TYPE_SIZE], end[TYPE_SIZE] = "";
    size_t index;
    json_t *event;
    if (!last || !created || !seed) {
        return;
    }
    put_creation_type(seed->kind, creation);
    if (strcmp(status, "pending") != 0) {
        snprintf(end, sizeof end, "interrupt.%.40s", status);
    }
    json_array_foreach(performance->events, index, event) {
        if (stage_find(&performance->stage, json_string_value(value_at(event, "/data/id"))) == slot) {
            count_event(&tally, event, index, creation, end);
        }
    }
    bool must_end = end[0] && (strcmp(status, "expired") != 0 || was_swept(performance, slot));
    check_counts(review, slot, &tally, creation, end, must_end);
    if (tally.creation) {
        check_payload(review, slot, tally.creation,
                      unlike_created(performance, slot, json_object_get(tally.creation, "data"), review));
    }
    if (tally.end) {
        check_payload(review, slot, tally.end,
                      unlike_left(performance, slot, json_object_get(tally.end, "data")));
    }
}

/* No two events share an id. */
static void check_ids(const struct performance *performance, struct review *review) {
    size_t count = json_array_size(performance->events);
    json_t *seen = json_object();
    review->failed = review->failed || !seen;
    for (size_t i = 0; i < count; i++) {
        const json_t *event = json_array_get(performance->events, i);
        const char *id = json_string_value(json_object_get(event, "event_id"));
        unsigned slot = stage_find(&performance->stage, json_string_value(value_at(event, "/data/id")));
        if (!id || !*id) {
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
