#include "harness/case/normal_shape.h"

#include "harness/base/shape.h"
#include "harness/case/normal_value.h"

#include <string.h>

typedef json_t *normaliser(struct normal *normal, const json_t *value);

/* How a member of a record is normalised when it is not any value. */
struct member {
    const char *name;
    normaliser *normalise;
};

static const struct member *find_member(const struct member *members, const char *name) {
    for (; members->name; members++) {
        if (strcmp(members->name, name) == 0) {
            return members;
        }
    }
    return NULL;
}

/* Takes over the fields that the contract names; null is absent. */
static json_t *normal_record(struct normal *normal, const json_t *value, const char *const *fields,
                             const struct member *members) {
    if (!json_is_object(value)) {
        return normal_value(normal, value);
    }
    json_t *out = json_object();
    for (size_t i = 0; out && fields[i]; i++) {
        const json_t *part = json_object_get(value, fields[i]);
        const struct member *member = find_member(members, fields[i]);
        if (!part || json_is_null(part)) {
            continue;
        }
        if (!put_member(out, fields[i], (member ? member->normalise : normal_value)(normal, part))) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

/* Replaces an instant by how it lies to another one of its record. When one of them is none, it stays. */
static bool relate(json_t *out, const char *field, const json_t *value, const json_t *other,
                   const char *before, const char *at, const char *after) {
    int64_t instant_us, other_us;
    if (!instant_of(value, &instant_us) || !instant_of(other, &other_us)) {
        return true;
    }
    return put_member(out, field,
                      json_string(instant_us < other_us   ? before
                                  : instant_us > other_us ? after
                                                          : at));
}

static json_t *normal_response(struct normal *normal, const json_t *value) {
    static const struct member members[] = {{"received_at", normal_instant}, {NULL, NULL}};
    return normal_record(normal, value, shape_response_fields, members);
}

/* An expiry lies exactly so far behind the creation as the TTL says, on any clock. */
static bool relate_expiry(json_t *out, const json_t *expires, const json_t *created) {
    int64_t expires_us, created_us;
    if (!instant_of(expires, &expires_us) || !instant_of(created, &created_us)) {
        return true;
    }
    return put_member(out, "expires_at", normal_distance("created_at", expires_us - created_us));
}

/* Without a clock that stands still, an answer may come at the instant of the creation or after it. */
static bool relate_interrupt(json_t *out, const json_t *value) {
    static const char not_before[] = "{not before created_at}";
    const json_t *created = json_object_get(value, "created_at");
    const json_t *resolved = json_object_get(value, "resolved_at");
    const json_t *received = json_object_get(json_object_get(value, "response"), "received_at");
    json_t *response = json_object_get(out, "response");
    return relate_expiry(out, json_object_get(value, "expires_at"), created) &&
           relate(out, "resolved_at", resolved, created, "{before created_at}", not_before, not_before) &&
           relate(response, "received_at", received, resolved, "{before resolved_at}", "{at resolved_at}",
                  "{after resolved_at}") &&
           relate(out, "created_at", created, created, "", "{instant}", "");
}

/* Notes that an interrupt was created at that instant. */
static bool note(struct normal *normal, const json_t *id, json_t *created) {
    if (!json_is_string(id) || !json_is_string(created) ||
        json_object_get(normal->created, json_string_value(id))) {
        return true;
    }
    const char *instant = json_string_value(created);
    json_int_t count = json_integer_value(json_object_get(normal->ties, instant)) + 1;
    return json_object_set(normal->created, json_string_value(id), created) == 0 &&
           put_member(normal->ties, instant, json_integer(count));
}

json_t *normal_interrupt(struct normal *normal, const json_t *value) {
    static const struct member members[] = {{"created_at", normal_instant},
                                            {"expires_at", normal_instant},
                                            {"resolved_at", normal_instant},
                                            {"response", normal_response},
                                            {NULL, NULL}};
    json_t *out = normal_record(normal, value, shape_interrupt_fields, members);
    bool done = out != NULL;
    if (done && json_is_object(value)) {
        done = note(normal, json_object_get(value, "id"), json_object_get(out, "created_at")) &&
               (!normal->loose || relate_interrupt(out, value));
    }
    if (!done) {
        json_decref(out);
        return NULL;
    }
    return out;
}

json_t *normal_event(struct normal *normal, const json_t *value) {
    static const struct member members[] = {
        {"timestamp", normal_instant}, {"data", normal_interrupt}, {NULL, NULL}};
    json_t *out = normal_record(normal, value, shape_event_fields, members);
    if (out && normal->loose && json_is_object(value) &&
        !relate(out, "timestamp", json_object_get(value, "timestamp"),
                json_object_get(json_object_get(value, "data"), "created_at"), "{before created_at}",
                "{not before created_at}", "{not before created_at}")) {
        json_decref(out);
        return NULL;
    }
    return out;
}

bool normal_is_tied(const struct normal *normal, const json_t *interrupt) {
    if (normal->loose) {
        return json_object_size(normal->created) > 1;
    }
    const char *created = json_string_value(json_object_get(interrupt, "created_at"));
    return created && json_integer_value(json_object_get(normal->ties, created)) > 1;
}

json_t *normal_tied(const json_t *interrupt) {
    json_t *created = json_object_get(interrupt, "created_at");
    return json_pack("{sO}", "tied", created ? created : json_null());
}
