#include "harness/base/shape.h"
#include "harness/base/value.h"
#include "harness/lab/review_parts.h"
#include "reference/base/instant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a caller gave, or the creation fixed, never changes. */
static const char *const fixed_fields[] = {"id",         "kind",        "request_id", "user_id",
                                           "session_id", "envelope_id", "question",   "message",
                                           "trace_id",   "span_id",     "created_at", "expires_at"};

enum { SHOWN_BYTES = 80 };

static void report(struct review *review, unsigned slot, const struct act *act, const char *field,
                   const json_t *expected, const json_t *got) {
    struct text words = {0};
    char *wanted = value_show(expected, SHOWN_BYTES);
    char *shown = value_show(got, SHOWN_BYTES);
    act_add_words(&words, act);
    review_add(review, FINDING_FIELD, slot, "%s shows %s of #%u as %s; it is %s",
               words.bytes ? words.bytes : "", field, slot, shown ? shown : "", wanted ? wanted : "");
    text_release(&words);
    free(wanted);
    free(shown);
}

/* Times that are read as instants may be written in several ways. */
static bool equals(const json_t *one, const json_t *other) {
    int64_t one_us, other_us;
    if (json_is_string(one) && json_is_string(other) &&
        hp_instant_parse(json_string_value(one), json_string_length(one), &one_us) &&
        hp_instant_parse(json_string_value(other), json_string_length(other), &other_us)) {
        return one_us == other_us;
    }
    return value_equals(one, other) || ((!one || json_is_null(one)) && (!other || json_is_null(other)));
}

/* data as it was given, with the reason of a cancel beside it. */
static void check_data(struct review *review, unsigned slot, const struct act *act, const json_t *created,
                       const json_t *shown) {
    const json_t *given = json_object_get(created, "data");
    json_t *data = json_deep_copy(json_object_get(shown, "data"));
    const json_t *reason = json_object_get(data, "cancel_reason");
    bool cancelled = strcmp(review_status(shown), "cancelled") == 0;
    if (reason && !cancelled) {
        report(review, slot, act, "data", given, json_object_get(shown, "data"));
    } else {
        json_object_del(data, "cancel_reason");
        if (!equals(given, data)) {
            report(review, slot, act, "data", given, json_object_get(shown, "data"));
        }
    }
    json_decref(data);
}

/* An interrupt that an answer shows, against the one that creation answered. */
static void check_shown(const struct performance *performance, const struct act *act, const json_t *shown,
                        struct review *review) {
    unsigned slot = stage_find(&performance->stage, json_string_value(json_object_get(shown, "id")));
    const json_t *created = slot < performance->stage.slot_count ? review_created(performance, slot) : NULL;
    if (!json_is_object(created)) {
        return;
    }
    for (size_t i = 0; i < sizeof fixed_fields / sizeof fixed_fields[0]; i++) {
        const json_t *expected = json_object_get(created, fixed_fields[i]);
        const json_t *got = json_object_get(shown, fixed_fields[i]);
        if (!equals(expected, got)) {
            report(review, slot, act, fixed_fields[i], expected, got);
            return;
        }
    }
    check_data(review, slot, act, created, shown);
    bool resolved = strcmp(review_status(shown), "resolved") == 0;
    const json_t *response = json_object_get(shown, "response");
    if (resolved != json_is_object(response)) {
        review_add(review, FINDING_FIELD, slot, "#%u is shown %s, %s a response", slot, review_status(shown),
                   resolved ? "without" : "with");
    }
}

/* What an act that ended an interrupt left is what the last read shows. */
static void check_end(const struct performance *performance, const struct act *act,
                      const struct outcome *outcome, struct review *review) {
    const json_t *left = json_object_get(outcome->result, "interrupt");
    const json_t *last =
        act->slot < performance->stage.slot_count ? review_final(performance, act->slot) : NULL;
    bool ends = act->kind == ACT_RESPOND || act->kind == ACT_CANCEL;
    if (!ends || outcome->end != ACT_DONE || !last) {
        return;
    }
    const char *status = act->kind == ACT_RESPOND ? "resolved" : "cancelled";
    if (strcmp(review_status(left), status) != 0) {
        review_add(review, FINDING_FIELD, act->slot, "%s of #%u was accepted, and its answer shows it %s",
                   act_kind_name(act->kind), act->slot, review_status(left));
    } else if (!shape_equals(left, last) && strcmp(review_status(last), status) == 0 &&
               interrupt_answered_by(left) == interrupt_answered_by(last)) {
        report(review, act->slot, act, "the end", last, left);
    }
}

/* The reason that a cancel gave stands in data, and none where none was given. */
static void check_reason(const struct act *act, const struct outcome *outcome, struct review *review) {
    const json_t *reason = value_at(outcome->result, "/interrupt/data/cancel_reason");
    char given[32];
    snprintf(given, sizeof given, "by %" PRIu32, outcome->by);
    if (act->kind != ACT_CANCEL || outcome->end != ACT_DONE) {
        return;
    }
    const char *shown = json_string_value(reason);
    if (act->reason ? !shown || strcmp(shown, given) != 0 : reason != NULL) {
        review_add(review, FINDING_FIELD, act->slot,
                   "the cancel of #%u gave %s as its reason, and its answer has %s", act->slot,
                   act->reason ? given : "nothing", shown ? shown : "none");
    }
}

/* Everything that one outcome shows. */
static void check_outcome(const struct performance *performance, const struct act *act,
                          const struct outcome *outcome, struct review *review) {
    size_t index;
    json_t *row;
    const json_t *interrupt = json_object_get(outcome->result, "interrupt");
    if (json_is_object(interrupt)) {
        check_shown(performance, act, interrupt, review);
    }
    json_array_foreach(json_object_get(outcome->result, "interrupts"), index, row) {
        check_shown(performance, act, row, review);
    }
    check_end(performance, act, outcome, review);
    check_reason(act, outcome, review);
}

void review_fields(const struct performance *performance, struct review *review) {
    review_visit(performance, check_outcome, review);
}
