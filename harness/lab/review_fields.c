#include "harness/base/shape.h"
#include "harness/base/value.h"
#include "harness/lab/review_parts.h"
#include "reference/base/instant.h"
#include "reference/base/json_reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 80 };

/* What a caller gives, or the creation fixes, and never changes. */
static const char *const fixed_fields[] = {"id",         "kind",        "request_id", "user_id",
                                           "session_id", "envelope_id", "question",   "message",
                                           "trace_id",   "span_id",     "created_at", "expires_at"};

/* What the creation gives. */
static const char *const given_fields[] = {"kind",     "request_id", "user_id", "session_id", "envelope_id",
                                           "question", "message",    "data",    "trace_id",   "span_id"};

static const char *const given_response_fields[] = {"text", "approved", "decision", "data"};

static void report(struct review *review, unsigned slot, const struct act *act, const char *field,
                   const json_t *expected, const json_t *got) {
    struct text words = {0};
    char *wanted = value_show(expected, SHOWN_BYTES);
    char *shown = value_show(got, SHOWN_BYTES);
    if (act_add_words(&words, act) && wanted && shown) {
        review_add(review, FINDING_FIELD, slot, "%s shows %s of #%u as %s; it is %s", words.bytes, field,
                   slot, shown, wanted);
    } else {
        review->failed = true;
    }
    text_release(&words);
    free(wanted);
    free(shown);
}

static bool read_instant(const json_t *value, int64_t *instant_us) {
    return json_is_string(value) &&
           hp_instant_parse(json_string_value(value), json_string_length(value), instant_us);
}

bool review_members_equal(const json_t *one, const json_t *other, const char *key) {
    const json_t *left = json_object_get(one, key);
    const json_t *right = json_object_get(other, key);
    int64_t left_us, right_us;
    if ((!left || json_is_null(left)) && (!right || json_is_null(right))) {
        return true;
    }
    size_t length = strlen(key);
    bool is_time = length > 3 && strcmp(key + length - 3, "_at") == 0;
    if (is_time && read_instant(left, &left_us) && read_instant(right, &right_us)) {
        return left_us == right_us;
    }
    return value_equals(left, right);
}

/* The first of the fields in which two objects differ; NULL: in none. */
static const char *first_difference(const json_t *one, const json_t *other, const char *const *fields,
                                    size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!review_members_equal(one, other, fields[i])) {
            return fields[i];
        }
    }
    return NULL;
}

static size_t count_of(const char *const *fields) {
    size_t count = 0;
    while (fields[count]) {
        count++;
    }
    return count;
}

const char *review_difference(const json_t *one, const json_t *other) {
    for (size_t i = 0; shape_interrupt_fields[i]; i++) {
        const char *field = shape_interrupt_fields[i];
        const json_t *left = json_object_get(one, field);
        const json_t *right = json_object_get(other, field);
        bool objects = strcmp(field, "response") == 0 && json_is_object(left) && json_is_object(right);
        if (objects ? first_difference(left, right, shape_response_fields, count_of(shape_response_fields)) !=
                          NULL
                    : !review_members_equal(one, other, field)) {
            return field;
        }
    }
    return NULL;
}

/* The params with which the act was called; the caller drops them. */
static json_t *params_of(const struct performance *performance, const struct act *act, uint32_t by,
                         struct review *review) {
    struct text params = {0};
    struct json_fault fault;
    json_t *value = act_add_params(&params, &performance->stage, act, by)
                        ? json_parse(params.bytes, params.length_bytes, &fault)
                        : NULL;
    review->failed = review->failed || !value;
    text_release(&params);
    return value;
}

const char *review_unlike_given(const struct performance *performance, unsigned slot, const json_t *interrupt,
                                struct review *review) {
    const struct seed *seed = script_seed(performance->stage.script, slot);
    const struct act act = {.kind = ACT_CREATE, .slot = slot, .seed = *seed};
    json_t *given = params_of(performance, &act, 0, review);
    const char *field =
        given ? first_difference(given, interrupt, given_fields, sizeof given_fields / sizeof given_fields[0])
              : NULL;
    json_decref(given);
    return field;
}

/* The end is so long after the creation as it was to live; null: never. */
static bool ends_in_time(const struct seed *seed, const json_t *created) {
    const json_t *until = json_object_get(created, "expires_at");
    int64_t from_us, until_us;
    if (seed_ttl_us(seed) == SEED_TTL_NEVER) {
        return !until || json_is_null(until);
    }
    return read_instant(json_object_get(created, "created_at"), &from_us) && read_instant(until, &until_us) &&
           until_us - from_us == seed_ttl_us(seed);
}

/* The creation's answer against what was given. */
static void check_given(const struct performance *performance, const struct act *act, const json_t *created,
                        struct review *review) {
    const char *field = review_unlike_given(performance, act->slot, created, review);
    char *shown = value_show(json_object_get(created, field ? field : "expires_at"), SHOWN_BYTES);
    review->failed = review->failed || !shown;
    if (field) {
        review_add(review, FINDING_FIELD, act->slot,
                   "#%u was created with another %s than its answer shows: %s", act->slot, field,
                   shown ? shown : "");
    } else if (strcmp(review_status(created), "pending") != 0) {
        review_add(review, FINDING_FIELD, act->slot, "#%u was created, and the answer shows it %s", act->slot,
                   review_status(created));
    } else if (!ends_in_time(&act->seed, created)) {
        review_add(review, FINDING_FIELD, act->slot,
                   "#%u was to live for %" PRId64 " microseconds (0: for ever), and its expires_at is %s",
                   act->slot, seed_ttl_us(&act->seed), shown ? shown : "");
    }
    free(shown);
}

/* True when the data is what was given, but for the reason of a cancel beside it. */
static bool data_is_kept(const json_t *given, const json_t *data, bool cancelled) {
    const char *key;
    json_t *value;
    const json_t *reason = cancelled ? json_object_get(data, "cancel_reason") : NULL;
    if (json_object_size(data) != json_object_size(given) + (reason ? 1 : 0)) {
        return false;
    }
    json_object_foreach((json_t *)given, key, value) {
        if (!value_equals(value, json_object_get(data, key))) {
            return false;
        }
    }
    return true;
}

/* A response is there when it must be, and is the one that whoever it names gave. */
static void check_response(const struct performance *performance, const struct act *act, unsigned slot,
                           const json_t *shown, struct review *review) {
    bool resolved = strcmp(review_status(shown), "resolved") == 0;
    const json_t *response = json_object_get(shown, "response");
    const struct act respond = {.kind = ACT_RESPOND, .slot = slot};
    if (resolved != json_is_object(response)) {
        review_add(review, FINDING_FIELD, slot, "#%u is shown %s, %s a response", slot, review_status(shown),
                   resolved ? "without" : "with");
        return;
    }
    json_t *params = resolved ? params_of(performance, &respond, interrupt_answered_by(shown), review) : NULL;
    const json_t *given = json_object_get(params, "response");
    if (given && first_difference(given, response, given_response_fields,
                                  sizeof given_response_fields / sizeof given_response_fields[0])) {
        report(review, slot, act, "the response", given, response);
    }
    json_decref(params);
}

/* What an end leaves beside what was there before. */
static const char *left_difference(const json_t *one, const json_t *other) {
    const json_t *left = json_object_get(one, "response");
    const json_t *right = json_object_get(other, "response");
    if (!review_members_equal(one, other, "resolved_at")) {
        return "resolved_at";
    }
    if (first_difference(left, right, shape_response_fields, count_of(shape_response_fields))) {
        return "response";
    }
    bool same =
        review_members_equal(json_object_get(one, "data"), json_object_get(other, "data"), "cancel_reason");
    return same ? NULL : "data";
}

/* What was left is what the last read shows, and what the answer of whoever ended it shows. If these two differ that is
 * told once, and others may be as either is. Who ended it is for the checker to say. */
static void check_left(const struct performance *performance, const struct act *act, unsigned slot,
                       const json_t *shown, struct review *review) {
    const json_t *last = review_final(performance, slot);
    const char *status = review_status(shown);
    if (strcmp(status, "pending") == 0) {
        if (json_is_string(json_object_get(shown, "resolved_at"))) {
            report(review, slot, act, "resolved_at", json_null(), json_object_get(shown, "resolved_at"));
        }
        return;
    }
    bool same = last && strcmp(review_status(last), status) == 0 &&
                interrupt_answered_by(shown) == interrupt_answered_by(last);
    const char *field = same ? left_difference(last, shown) : NULL;
    const json_t *ended = field ? review_ended(performance, slot) : NULL;
    if (field && (!ended || ended == shown || left_difference(ended, shown))) {
        report(review, slot, act, field, json_object_get(last, field), json_object_get(shown, field));
    }
}

/* An interrupt that an answer shows, against the one that creation answered, and against the last read. One finding is
 * enough. */
static void check_shown(const struct performance *performance, const struct act *act, unsigned slot,
                        const json_t *shown, struct review *review) {
    const json_t *created = slot < performance->stage.slot_count ? review_created(performance, slot) : NULL;
    size_t before = review->count;
    if (!json_is_object(created)) {
        return;
    }
    const char *field =
        first_difference(created, shown, fixed_fields, sizeof fixed_fields / sizeof fixed_fields[0]);
    if (field) {
        report(review, slot, act, field, json_object_get(created, field), json_object_get(shown, field));
        return;
    }
    if (!data_is_kept(json_object_get(created, "data"), json_object_get(shown, "data"),
                      strcmp(review_status(shown), "cancelled") == 0)) {
        report(review, slot, act, "data", json_object_get(created, "data"), json_object_get(shown, "data"));
        return;
    }
    check_response(performance, act, slot, shown, review);
    if (review->count == before) {
        check_left(performance, act, slot, shown, review);
    }
}

/* What was accepted shows in its own answer. */
static void check_end(const struct act *act, const struct outcome *outcome, struct review *review) {
    const json_t *left = json_object_get(outcome->result, "interrupt");
    const char *status = act->kind == ACT_RESPOND ? "resolved" : "cancelled";
    bool ends = act->kind == ACT_RESPOND || act->kind == ACT_CANCEL;
    if (ends && review_status(left)[0] && strcmp(review_status(left), status) != 0) {
        review_add(review, FINDING_FIELD, act->slot, "%s of #%u was accepted, and its answer shows it %s",
                   act_kind_name(act->kind), act->slot, review_status(left));
    }
}

/* The reason that a cancel gave stands in data, and none where none was given. */
static void check_reason(const struct act *act, const struct outcome *outcome, struct review *review) {
    const json_t *interrupt = json_object_get(outcome->result, "interrupt");
    const json_t *reason = value_at(interrupt, "/data/cancel_reason");
    char given[32];
    snprintf(given, sizeof given, "by %" PRIu32, outcome->by);
    if (act->kind != ACT_CANCEL || !json_is_object(interrupt)) {
        return;
    }
    const char *shown = json_string_value(reason);
    if (act->reason ? !shown || strcmp(shown, given) != 0 : reason != NULL) {
        review_add(review, FINDING_FIELD, act->slot,
                   "the cancel of #%u gave %s as its reason, and its answer has %s", act->slot,
                   act->reason ? given : "nothing", shown ? shown : "none");
    }
}

/* Everything that one outcome shows. What was asked for by its id must be that one; in a list the rows say which they are. */
static void check_outcome(const struct performance *performance, const struct act *act,
                          const struct outcome *outcome, struct review *review) {
    size_t index;
    json_t *row;
    const json_t *interrupt = json_object_get(outcome->result, "interrupt");
    if (json_is_object(interrupt) && act->kind == ACT_CREATE) {
        check_given(performance, act, interrupt, review);
    }
    if (json_is_object(interrupt)) {
        bool named = act->kind == ACT_PENDING || act->kind == ACT_CHECK;
        unsigned slot = named ? review_slot(performance, interrupt) : act->slot;
        check_shown(performance, act, slot, interrupt, review);
    }
    json_array_foreach(json_object_get(outcome->result, "interrupts"), index, row) {
        check_shown(performance, act, review_slot(performance, row), row, review);
    }
    check_end(act, outcome, review);
    check_reason(act, outcome, review);
}

void review_fields(const struct performance *performance, struct review *review) {
    review_visit(performance, check_outcome, review);
}
